import { strip } from "@videor1/rewards";
import { firstOfLiteralList } from "../python/literal-list.ts";
import { parseFloatText } from "../python/parse-number.ts";
import { whiteSpace as s } from "../python/white-space.ts";
import { digit, wordBoundary, wordCharacter } from "../python/word.ts";
import { afterThinking, withoutZeroWidth } from "./match-option.ts";

const words =
  "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty".split(
    " ",
  );
const numberWords = new RegExp(`${wordBoundary}(?:${words.join("|")})${wordBoundary}`, "giu");
const number = `[-+]?(?:${digit}*\\.${digit}+|${digit}+)(?:[eE][-+]?${digit}+)?`;
const numbers = new RegExp(number, "gu");
const tag = `<${s}*answer(?!${wordCharacter})`;
const answerBlock = new RegExp(
  `${tag}(?:(?!${tag})[^>])*>${s}*(${number})(?:[^${digit}<][^<]*)?<${s}*/${s}*answer${s}*>`,
  "iu",
);

/**
 * The number that an answer tag starts with, else the last number after the thinking, else the last of the text, where English
 * words up to twenty are numbers. Of a reply that is a Python list its first element is read, and nothing of one that is none.
 *
 * @see open-compass/VLMEvalKit@e8e78f0 vlmeval/dataset/utils/spatial_bench/matching_func.py `can_match_na`
 */
export function matchNumber(reply: string): number | undefined {
  const stripped = strip(reply);
  const isList = stripped.startsWith("[") && stripped.endsWith("]");
  const raw = isList ? firstOfLiteralList(reply) : reply;
  if (raw === undefined) return undefined;
  const text = withoutZeroWidth(strip(raw)).replace(numberWords, inDigits);
  const found = answerBlock.exec(text)?.[1] ?? lastNumber(afterThinking(text)) ?? lastNumber(text);
  return found === undefined ? undefined : parseFloatText(found);
}

function inDigits(word: string): string {
  const value = words.indexOf(word.toLowerCase());
  return value < 0 ? word : String(value);
}

const lastNumber = (text: string): string | undefined => text.match(numbers)?.at(-1);
