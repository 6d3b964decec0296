import { roundHalfEven } from "../round-half-even.ts";
import { parseNumber } from "./parse-number.ts";

/**
 * 1 if both texts are numbers that are equal after rounding to two decimals, else 0. Either both or neither must contain a
 * decimal mark, and a comma counts as one: `1,000` is not `1000`, nor `3.0` `3`. NaN equals nothing.
 *
 * @see tulerfeng/Video-R1@59d65c3 src/r1-v/src/open_r1/grpo.py `accuracy_reward`, "numerical"
 */
export function sameNumber(answer: string, truth: string): number {
  if (hasDecimalMark(answer) !== hasDecimalMark(truth)) return 0;
  const x = parseNumber(answer);
  const y = parseNumber(truth);
  return x !== undefined && y !== undefined && roundHalfEven(x) === roundHalfEven(y) ? 1 : 0;
}

function hasDecimalMark(text: string): boolean {
  return text.includes(".") || text.includes(",");
}
