import type { Example } from "@videor1/data";
import { formatReward } from "@videor1/rewards";
import { answerLeak } from "./answer-leak.ts";
import { concludedLetter, lettersOf } from "./concluded-letter.ts";
import { countOrderWords } from "./order-words.ts";
import { otherScriptShare } from "./other-script.ts";
import type { Thought } from "./read-thought.ts";
import { longestLoop, repeatedShare } from "./repetition.ts";
import { wordsOf } from "./words-of.ts";

/** Why a record is not one to learn from, in the order in which they are looked for. */
export const thoughtFaultCodes = [
  "REWARD_UNKNOWN",
  "REWARD_LOW",
  "CUT_OFF",
  "THINKING_EMPTY",
  "FORMAT",
  "TOO_SHORT",
  "TOO_LONG",
  "OTHER_SCRIPT",
  "REPEATED",
  "LOOP",
  "ANSWER_LEAKED",
  "CONTRADICTED",
  "NO_ORDER_TALK",
  "NO_REFLECTION",
] as const;
export type ThoughtFaultCode = (typeof thoughtFaultCodes)[number];

/** What thoughts must be; what is null, false or absent is not asked for. */
export interface ThoughtLimits {
  /** The reward must be above it. */
  minReward?: number | null | undefined;
  requireEnd?: boolean | undefined;
  requireThinking?: boolean | undefined;
  /** One thinking and then one answer, neither of them blank, and nothing else. */
  requireFormat?: boolean | undefined;
  /** Of the thinking; in scripts without spaces a character is a word. */
  minWords?: number | undefined;
  maxWords?: number | undefined;
  /** Share of letters in scripts that the question does not use. */
  maxOtherScript?: number | undefined;
  /** Share of four-word sequences that occur before. */
  maxRepeats?: number | undefined;
  /** Times that a phrase may stand in a row. */
  maxLoops?: number | undefined;
  refuseLeaks?: boolean | undefined;
  /** Of multiple choice: the thinking's last letter is the answer's. */
  refuseContradictions?: boolean | undefined;
  /** Of videos. */
  requireOrderTalk?: boolean | undefined;
  requireReflection?: boolean | undefined;
}

export interface ThoughtFault {
  code: ThoughtFaultCode;
  reason: string;
}

/**
 * All faults of a thought, in the order of {@link thoughtFaultCodes}.
 *
 * @param countReflections - How often a text takes another look, as the evaluation counts it.
 */
export function thoughtFaults(
  thought: Thought,
  example: Example,
  limits: ThoughtLimits,
  countReflections: (text: string) => number,
): ThoughtFault[] {
  const { thinking, answer, reward, completion, isCutOff } = thought;
  const { minWords, maxWords, maxOtherScript, maxRepeats, maxLoops } = limits;
  const faults: ThoughtFault[] = [];
  const add = (code: ThoughtFaultCode, reason: string) => faults.push({ code, reason });
  if (limits.minReward != null) {
    if (reward === undefined) add("REWARD_UNKNOWN", "the record has no output, answer or reward");
    else if (!(reward > limits.minReward))
      add("REWARD_LOW", `reward ${rounded(reward)} of the answer ${quoted(answer)}`);
  }
  if (limits.requireEnd && isCutOff) add("CUT_OFF", "the completion was cut off");
  if (limits.requireThinking && thinking === "") add("THINKING_EMPTY", "there is no thinking between think tags");
  if (limits.requireFormat && formatReward(completion) === 0)
    add("FORMAT", "it is not one thinking and then one answer, and nothing else");
  const words = [minWords, maxWords, maxRepeats, maxLoops].some((limit) => limit !== undefined)
    ? wordsOf(thinking)
    : [];
  if (minWords !== undefined && words.length < minWords) add("TOO_SHORT", `${words.length} words`);
  if (maxWords !== undefined && words.length > maxWords) add("TOO_LONG", `${words.length} words`);
  if (maxOtherScript !== undefined) {
    const question = [example.problem, ...example.options, example.solution.replaceAll(/<\/?answer>/g, "")].join("\n");
    const { share, script } = otherScriptShare(thinking, question);
    if (share > maxOtherScript)
      add(
        "OTHER_SCRIPT",
        `${percent(share)} of its letters are in a script that the question has not, mostly ${script}`,
      );
  }
  if (maxRepeats !== undefined) {
    const share = repeatedShare(words);
    if (share > maxRepeats) add("REPEATED", `${percent(share)} of its four-word sequences occur before`);
  }
  if (maxLoops !== undefined) {
    const loop = longestLoop(words);
    if (loop && loop.times > maxLoops) add("LOOP", `${quoted(loop.phrase)} ${loop.times} times in a row`);
  }
  if (limits.refuseLeaks) {
    const leak = answerLeak(thinking);
    if (leak !== undefined) add("ANSWER_LEAKED", `says ${quoted(leak)}`);
  }
  if (limits.refuseContradictions && example.problemType === "multiple choice") {
    const concluded = concludedLetter(thinking, lettersOf(example.options));
    const given = /^\W*([A-Z])\b/.exec(answer)?.[1];
    if (concluded !== undefined && given !== undefined && concluded !== given)
      add("CONTRADICTED", `the thinking ends with ${concluded}, the answer is ${given}`);
  }
  if (limits.requireOrderTalk && example.dataType === "video" && countOrderWords(thinking) === 0)
    add("NO_ORDER_TALK", "no word says when or in what order");
  if (limits.requireReflection && countReflections(thinking) === 0) add("NO_REFLECTION", "it takes no second look");
  return faults;
}

const rounded = (value: number): number => Math.round(value * 1000) / 1000;
const percent = (share: number): string => `${Math.round(share * 100)} %`;
const quoted = (text: string): string => JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
