import { strip } from "@videor1/rewards";
import type { BenchmarkItem } from "../../item.ts";
import { lengthOf } from "../python/code-points.ts";
import { parseFloatText } from "../python/parse-number.ts";
import { splitWords } from "../python/split.ts";
import { stripCharacters } from "../python/strip.ts";
import { whiteSpace } from "../python/white-space.ts";
import { digit, wordBoundary } from "../python/word.ts";

const punctuation = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";
const lone = (letters: string): RegExp => new RegExp(`${wordBoundary}${letters}${wordBoundary}`, "iu");
const anyLetter = lone("[A-E]");

/** The first lone letter A to E is the gold, or the gold stands alone anywhere, or the option or one of its words is there. */
export function isChoiceNamed({ gold, options }: BenchmarkItem, output: string): boolean {
  const reply = strip(output);
  if (anyLetter.exec(reply)?.[0].toUpperCase() === gold) return true;
  const names = reply.toUpperCase().includes(gold);
  if (names && lone(gold).test(reply)) return true;
  const option = strip(options[gold.charCodeAt(0) - 65] ?? "").toLowerCase();
  const lower = reply.toLowerCase();
  if (lower.includes(option)) return true;
  const words = wordsOf(option).filter((word) => lengthOf(word) > 2);
  return names && words.some((word) => lower.includes(word));
}

const superscripts: Readonly<Record<string, string>> = {
  "²": "^2",
  "³": "^3",
  "¹": "^1",
  "⁰": "^0",
  "⁴": "^4",
  "⁵": "^5",
  "⁶": "^6",
  "⁷": "^7",
  "⁸": "^8",
  "⁹": "^9",
};
const number = new RegExp(`${digit}+\\.?${digit}*`, "u");
const complexity = new RegExp(`O${whiteSpace}*\\([^)]+\\)`, "iu");

/** One text contains the other, or their first numbers agree to 0.01, or all words of a short gold or its O(…) are there. */
export function isOpenAnswerLike(gold: string, output: string): boolean {
  const [reply, answer] = [plain(output), plain(gold)];
  const [spaced, wanted] = [splitWords(reply).join(" "), splitWords(answer).join(" ")];
  if (spaced.includes(wanted) || wanted.includes(spaced)) return true;
  const [given, target] = [firstNumber(reply), firstNumber(answer)];
  if (given !== undefined && target !== undefined && Math.abs(target - given) < 0.01) return true;
  const words = wordsOf(wanted).filter((word) => word !== "");
  if (words.length >= 2 && words.length <= 5) {
    const said = wordsOf(spaced);
    if (words.every((word) => lengthOf(word) <= 2 || said.includes(word))) return true;
  }
  const order = orderIn(wanted);
  return order !== undefined && orderIn(spaced) === order;
}

/** The first O(…); behind the last closing bracket none is looked for, which would take quadratic time. */
const orderIn = (text: string): string | undefined => complexity.exec(text.slice(0, text.lastIndexOf(")") + 1))?.[0];

const plain = (text: string): string =>
  strip(text)
    .toLowerCase()
    .replace(/[²³¹⁰⁴-⁹]/g, (power) => superscripts[power]!);

const wordsOf = (text: string): string[] => splitWords(text).map((word) => stripCharacters(word, punctuation));

function firstNumber(text: string): number | undefined {
  const found = number.exec(text);
  return found ? parseFloatText(found[0]) : undefined;
}
