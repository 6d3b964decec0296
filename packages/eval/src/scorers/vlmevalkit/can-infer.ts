import { letterAt } from "../../item.ts";
import { lengthOf } from "../python/code-points.ts";
import { splitWords } from "../python/split.ts";
import { whiteSpace } from "../python/white-space.ts";

const refusals = [
  "Sorry, I can't help with images of people yet.",
  "I can't process this file.",
  "I'm sorry, but without the image provided",
  "Cannot determine the answer",
];
const failure = "Failed to obtain answer via API";
const marks = /[.()[\],:;!*#{}]/g;
/** Where case is ignored, Python's i matches the dotted and the dotless one too. */
const phrase = new RegExp(`answer${whiteSpace}+[iİı]s${whiteSpace}+\\**([ABCD])\\**`, "iu");

/**
 * The option that a reply names by its letter as a word among the last few, or behind "answer is", or by the text of exactly
 * one option; "Z" for a refusal; `undefined` if it names none.
 *
 * @see open-compass/VLMEvalKit@e8e78f0 vlmeval/utils/matching_util.py `can_infer`
 */
export function inferChoice(reply: string, options: readonly string[]): string | undefined {
  return letterNamed(reply, options) ?? optionQuoted(reply, options);
}

function letterNamed(reply: string, options: readonly string[]): string | undefined {
  if (reply.includes(failure)) return undefined;
  if (refusals.some((refusal) => reply.includes(refusal))) return "Z";
  const words = splitWords(reply.replace(marks, " "));
  const letters = options.map((_, i) => letterAt(i));
  const named = letters.filter((letter) => words.includes(letter));
  const [only] = named;
  if (named.length === 1 && words.indexOf(only!) > words.length - 5) return only;
  if (named.length === 0 && words.includes("Z")) return "Z";
  const letter = phrase.exec(reply)?.[1]?.toUpperCase();
  return letter !== undefined && letters.includes(letter) ? letter : undefined;
}

/** Only in a reply of at most twice the length of all options. */
function optionQuoted(reply: string, options: readonly string[]): string | undefined {
  const lower = reply.toLowerCase();
  const room = 2 * options.reduce((sum, option) => sum + lengthOf(option), 0);
  if (lengthOf(lower) > room) return undefined;
  const quoted = options.flatMap((option, i) => (lower.includes(option.toLowerCase()) ? [letterAt(i)] : []));
  return quoted.length === 1 ? quoted[0] : undefined;
}
