import { parseFiniteNumber } from "@videor1/rewards/reading";
import { conclusions } from "./conclusions.ts";
import type { Found } from "./option-alone.ts";

/** The list of numbers that an answer is, or that stands in its only brackets: `[2, 3]`, `2, 3`, `(2, 3)`, `2 and 3`. */
export function readList(answer: string): Found<number[]> | undefined {
  const texts = [answer, ...conclusions(answer).slice(-1)];
  for (const [i, text] of texts.entries()) {
    const brackets = [...text.matchAll(/[[(]([^[\]()]*)[\])]/g)];
    const inner = brackets.length === 1 ? brackets[0]![1]! : text.replace(/\.$/, "");
    const numbers = inner.split(/(?<!\s)\s*(?:,|;|\band\b)\s*/).map(parseFiniteNumber);
    if (numbers.length > 1 && !numbers.includes(undefined)) {
      return { value: numbers as number[], rule: i === 0 ? "list" : "conclusion" };
    }
  }
  return undefined;
}
