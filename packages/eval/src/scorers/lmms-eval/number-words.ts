import { strip } from "@videor1/rewards";
import { parseFloatText } from "../python/parse-number.ts";
import { digit } from "../python/word.ts";

const small =
  "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen";
const tens = "twenty thirty forty fifty sixty seventy eighty ninety";
const values = new Map<string, number>([
  ...small.split(" ").map((word, i): [string, number] => [word, i]),
  ...tens.split(" ").map((word, i): [string, number] => [word, 20 + 10 * i]),
  ["hundred", 100],
  ["thousand", 1000],
]);

const inDigits = new RegExp(`-?${digit}+(?:\\.${digit}+)?`, "u");

/**
 * The first number of a text, in digits or in English words up to thousands (`three hundred and twenty-one`); null: none.
 *
 * @see lmms-eval 0.7.3 tasks/vsibench/utils.py `extract_number`
 */
export function extractNumber(text: string): number | null {
  const lower = strip(text).toLowerCase();
  const words = [...lower.matchAll(/[a-z]+/g)];
  const first = words.findIndex(([word]) => values.has(word));
  const digits = inDigits.exec(lower);
  if (digits && (first < 0 || digits.index < words[first]!.index)) return parseFloatText(digits[0])!;
  return first < 0 ? null : sumOfWords(words.slice(first).map(([word]) => word));
}

/** The value of the number words up to the first other word; "and" may stand between. */
function sumOfWords(words: readonly string[]): number {
  let total = 0;
  let current = 0;
  for (const word of words) {
    if (word === "and") continue;
    const value = values.get(word);
    if (value === undefined) break;
    if (value === 1000) {
      total += Math.max(current, 1) * 1000;
      current = 0;
    } else current = value === 100 ? Math.max(current, 1) * 100 : current + value;
  }
  return total + current;
}
