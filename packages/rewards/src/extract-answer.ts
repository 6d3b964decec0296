import { answersSaid } from "./answers-said.ts";
import { isBlank, strip } from "./python-text.ts";
import { isSafe, type RulesOption } from "./rules.ts";

/** How a completion is read. */
export interface CompletionOptions extends RulesOption {
  /** The prompt ends in `<think>`, so that the completion begins inside the thinking. Default false. */
  thinkingOpened?: boolean | undefined;
}

/**
 * The answer inside `<answer>…</answer>`, stripped; "" if there is none. Case matters, line breaks may be inside.
 *
 * `video-r1`: the first anywhere in the text, equal to the first match of `<answer>\s*(.*?)\s*</answer>` (dot-all), so that
 * an inner `<answer>` is part of the text.
 * `safe`: what the model itself says in the last of its turns, outside its thinking and the text of tools; "" if it
 * gives several answers that differ. Blank answers, and those that show the form (in quotes or code) beside a real one, do
 * not count. Both take linear time.
 *
 * @see tulerfeng/Video-R1@59d65c3 src/r1-v/src/open_r1/grpo.py `extract_answer`
 */
export function extractAnswer(text: string, options: CompletionOptions = {}): string {
  const whole = wholeCompletion(text, options);
  if (!isSafe(options)) return textBetween(whole, "<answer>");
  const plain = plainAnswer(whole);
  if (plain !== undefined) return plain;
  const [first = "", ...others] = answersSaid(whole);
  return others.every((other) => other === first) ? first : "";
}

/**
 * The answer of a text of one thinking and one answer at most, with no other mark of tags or turns: what
 * {@link answersSaid} finds there, in a fraction of its time. Undefined for any other text.
 */
function plainAnswer(text: string): string | undefined {
  if (text.includes("◁") || (text.includes("]") && /(?:INST|_RESULTS|_CALLS|THINK)\]/i.test(text))) return undefined;
  let start = -1;
  let end = -1;
  let isThinking = false;
  let hasThought = false;
  for (let at = text.indexOf("<"); at >= 0; at = text.indexOf("<", at + 1)) {
    const closes = text.charCodeAt(at + 1) === slash;
    const unit = text.charCodeAt(closes ? at + 2 : at + 1);
    if (unit === 0x61 && text.startsWith("answer>", closes ? at + 2 : at + 1)) {
      if (isThinking) continue;
      if (!closes && start < 0) start = at + "<answer>".length;
      else if (closes && start >= 0 && end < 0) end = at;
      else return undefined;
    } else if (unit === 0x74 && text.startsWith("think>", closes ? at + 2 : at + 1)) {
      if (closes ? !isThinking : hasThought || start >= 0) return undefined;
      isThinking = !closes;
      hasThought = true;
    } else if (beginsMark(unit)) return undefined;
  }
  const answer = start < 0 || end < 0 ? "" : strip(text.slice(start, end));
  return isBlank(answer) ? "" : answer;
}

const slash = 0x2f;

/** Whether this character behind `<` or `</` can begin a mark: the letters, `|` and the full-width bar of DeepSeek. */
function beginsMark(unit: number): boolean {
  const small = unit | 0x20;
  return (small >= 0x61 && small <= 0x7a) || unit === 0x7c || unit === 0xff5c;
}

/**
 * The text inside the first `<think>…</think>`, stripped; "" if there is none.
 *
 * @see tulerfeng/Video-R1@59d65c3 src/eval_bench.py `extract_think`
 */
export function extractThinking(text: string): string {
  return textBetween(text, "<think>");
}

/** The completion with the `<think>` that its prompt has opened, unless the model repeats it. */
export function wholeCompletion(completion: string, { thinkingOpened = false }: CompletionOptions): string {
  return thinkingOpened && !strip(completion).startsWith("<think>") ? `<think>${completion}` : completion;
}

/** The text between the first open tag and the next close tag of its kind. */
function textBetween(text: string, open: string): string {
  const opened = text.indexOf(open);
  if (opened < 0) return "";
  const start = opened + open.length;
  const end = text.indexOf(`</${open.slice(1)}`, start);
  return end < 0 ? "" : strip(text.slice(start, end));
}
