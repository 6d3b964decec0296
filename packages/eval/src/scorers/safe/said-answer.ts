import { extractAnswer, strip } from "@videor1/rewards";
import { dropMarkup, isBlank, plainForm } from "@videor1/rewards/reading";
import { saidText } from "../said-text.ts";

/** What an output gives as its answer, and where that stood. */
export interface SaidAnswer {
  text: string;
  source: "answer tag" | "open answer tag" | "whole output";
}

const turnEnd = /<\|(?:im_end|eot_id|eom_id|eot|end_of_text|endoftext|end|return)\|>|<\/s>|<end_of_turn>/i;

/**
 * The answer of an output: its answer block, else what it says outside its thinking, up to the end of the turn. Markup,
 * JSON and full-width forms are off.
 *
 * @returns undefined if nothing is said, or blocks say different things.
 */
export function saidAnswer(output: string): SaidAnswer | undefined {
  const tagged = output.replace(/<(\/?)answer>/gi, (_, slash) => `<${slash}answer>`);
  const block = extractAnswer(tagged);
  if (!isBlank(block)) return { text: plainAnswer(block), source: "answer tag" };
  const said = saidText(tagged);
  if (holdsBlock(said)) return undefined;
  const opened = said.lastIndexOf("<answer>");
  const isOpen = opened >= 0 && said.indexOf("</answer>", opened) < 0;
  const rest = isOpen ? said.slice(opened) : said;
  const text = plainAnswer(withoutTurns(rest.replace(/<\/?answer>/g, " ")));
  return isBlank(text) ? undefined : { text, source: isOpen ? "open answer tag" : "whole output" };
}

/** Whether a closed block with text is said, which then is no answer, or one of several that differ. */
function holdsBlock(said: string): boolean {
  let opened = -1;
  for (const { 0: tag, index } of said.matchAll(/<\/?answer>/g)) {
    if (tag === "<answer>") opened = index + tag.length;
    else if (opened >= 0) {
      if (!isBlank(said.slice(opened, index))) return true;
      opened = -1;
    }
  }
  return false;
}

/** What stands before the first end of a turn, unless that is nothing. */
function withoutTurns(text: string): string {
  const [before = "", ...after] = text.split(turnEnd);
  return isBlank(before) ? (after.find((part) => !isBlank(part)) ?? "") : before;
}

function plainAnswer(text: string): string {
  const plain = plainForm(dropMarkup(fromJson(dropMarkup(text))));
  return strip(plain.replace(/\\boxed\s*\{([^{}]*)\}/g, "$1").replace(/\*\*/g, ""));
}

const answerKeys = ["final_answer", "answer", "extracted_answer", "choice", "option"];

/** The answer of a JSON object, or the only element of a JSON list; other text as it is. */
function fromJson(text: string): string {
  const bare = text.replace(/^json\s*/i, "");
  if (!/^[{[]/.test(bare)) return text;
  try {
    const value = answerOf(JSON.parse(bare));
    return typeof value === "string" || typeof value === "number" ? String(value) : text;
  } catch {
    return text; // not JSON
  }
}

function answerOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.length === 1 && typeof value[0] === "string" ? value[0] : undefined;
  if (typeof value !== "object" || value === null) return undefined;
  const key = answerKeys.find((name) => Object.hasOwn(value, name));
  const answer = key === undefined ? undefined : (value as Record<string, unknown>)[key];
  return Array.isArray(answer) && answer.length === 1 ? answer[0] : answer;
}
