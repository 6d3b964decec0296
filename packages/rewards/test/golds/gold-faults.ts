import { readExpression } from "../../src/expressions.ts";
import { type AccuracyOptions, accuracyReward, formatReward, rougeScore, solutionFault } from "../../src/index.ts";
import type { SyntheticRecord } from "./synthetic-record.ts";

/** What a model says that knows nothing. */
const silences = [
  "",
  "I do not know.",
  "<answer></answer>",
  "<answer> \n</answer>",
  "<answer>\u200b</answer>",
  "<think>Let me see.</think>",
  "<think>Let me see.</think><answer>qwxzv</answer>",
  "<think>So <answer>qwxzv</answer>",
  "<answer>nan</answer>",
  "<answer>inf</answer>",
  "<answer>-inf</answer>",
  "<answer>1e999</answer>",
  "<answer>",
  "</answer>",
  "<answer>\\boxed{}</answer>",
  "<answer>qwxzv xqzzy</answer>",
];

/** What gives a right answer away among others, by which nobody has chosen; for choices and numbers. */
const hedges = (answer: string, other: string): string[] => [
  `<answer>${answer} or ${other}</answer>`,
  `<answer>${answer}</answer><answer>${other}</answer>`,
  `<think><answer>${answer}</answer></think><answer>${other}</answer>`,
  `<think>Perhaps <answer>${answer}</answer>`,
  `<tool_response><answer>${answer}</answer></tool_response>`,
];

/** The rules, and what they let an answer earn. */
export const goldRules: Readonly<Record<string, AccuracyOptions>> = {
  "video-r1": { rules: "video-r1" },
  safe: {},
  "safe without unicode": { unicode: false },
  "safe with every option": {
    lenientChoices: true,
    markup: true,
    units: true,
    ignoreCase: true,
    readNumber: readExpression,
  },
  "safe by the options": { choices: [] },
};

/**
 * What is wrong with a record's gold under each of {@link goldRules}: given back in the format it does not earn all it can, or a
 * text that knows nothing earns something under the safe rules. Under `video-r1` a regression gold of 0 earns nothing: known.
 */
export function goldFaults({ type, options, answer, solution }: SyntheticRecord): string[] {
  const faults: string[] = [];
  const fault = solutionFault(solution, type, options);
  if (fault !== undefined) faults.push(`solutionFault: ${fault}`);
  const others = type === "multiple choice" ? (options.length === 1 ? "Z" : answer === "A" ? "B" : "A") : "77777777";
  for (const [name, given] of Object.entries(goldRules)) {
    const rules = "choices" in given ? { ...given, choices: options } : given;
    const said = `<think>Let me see.</think>\n<answer>${answer}</answer>`;
    const reward = accuracyReward(said, solution, type, rules);
    const best = bestReward(type, answer, rules);
    if (Math.abs(reward - best) > 1e-9) faults.push(`${name}: earns ${reward} where ${best} is the most`);
    if (formatReward(said, { rules: rules.rules }) !== 1) faults.push(`${name}: has no format reward`);
    if (rules.rules === "video-r1") continue;
    const wrong = type === "OCR" || type === "free-form" ? silences : [...silences, ...hedges(answer, others)];
    for (const text of wrong) {
      const earned = accuracyReward(text, solution, type, rules);
      if (earned !== 0) faults.push(`${name}: ${JSON.stringify(text)} earns ${earned}`);
    }
  }
  return faults;
}

/** 1; a free-form answer of one word has no bigram, and a regression of 0 is divided by the original's own epsilon. */
function bestReward(
  type: SyntheticRecord["type"],
  answer: string,
  { rules, unicode = true }: AccuracyOptions & { unicode?: boolean | undefined },
): number {
  if (type === "regression" && rules === "video-r1") {
    const size = Math.abs(Number(answer.replaceAll(",", "")));
    return 1 - Math.min(1, 1e-9 / (size + 1e-9));
  }
  if (type !== "free-form") return 1;
  if (rules !== "video-r1" && unicode) return /\s/.test(answer) ? 1 : 2 / 3;
  return rougeScore(answer, answer).rouge2.fMeasure === 0 ? 2 / 3 : 1;
}
