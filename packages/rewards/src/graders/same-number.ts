import type { Grading } from "../options.ts";
import { roundToHundredths } from "../round-to-hundredths.ts";
import { numberWithUnit } from "./number-with-unit.ts";
import { areComparable, exactDecimal, parseNumber, readFinite } from "./parse-number.ts";

/**
 * 1 if both texts are numbers that are equal after rounding to two decimals, else 0.
 *
 * `video-r1`: either both or neither must contain a decimal mark, and a comma counts as one: `1,000` is not `1000`, nor
 * `3.0` `3`. NaN equals nothing, an infinity itself.
 * `safe`: commas may group thousands, the number must be finite, and against a truth below 0.1 two significant digits
 * have to agree, so that 0.00 is not right for 0.004.
 *
 * @see tulerfeng/Video-R1@59d65c3 src/r1-v/src/open_r1/grpo.py `accuracy_reward`, "numerical"
 */
export function sameNumber(answer: string, truth: string, grading: Grading): number {
  return (grading.rules === "safe" ? isSame(answer, truth, grading) : isSameToTheOriginal(answer, truth)) ? 1 : 0;
}

function isSame(answer: string, truth: string, grading: Grading): boolean {
  const x = readFinite(answer, grading);
  const y = readFinite(truth, grading);
  if (x === undefined || y === undefined || !areComparable(answer, truth, grading)) return false;
  if (x === y && Math.abs(y) > Number.MAX_SAFE_INTEGER) {
    const exact = exactDecimal(numberText(answer, grading));
    return exact === undefined || exact === (exactDecimal(numberText(truth, grading)) ?? exact);
  }
  if (Math.abs(y) >= 0.1) return areEqualRounded(x, y);
  return x === y || (Math.abs(x - y) < Math.abs(y) && x.toPrecision(2) === y.toPrecision(2));
}

function numberText(text: string, { units }: Grading): string {
  return units ? numberWithUnit(text).number : text;
}

function isSameToTheOriginal(answer: string, truth: string): boolean {
  if (hasDecimalMark(answer) !== hasDecimalMark(truth)) return false;
  const x = parseNumber(answer);
  const y = parseNumber(truth);
  return x !== undefined && y !== undefined && areEqualRounded(x, y);
}

/** round(x, 2) = round(y, 2), without rounding where that is plain. */
function areEqualRounded(x: number, y: number): boolean {
  if (x === y || Math.abs(x - y) >= 1) return x === y;
  return roundToHundredths(x) === roundToHundredths(y);
}

export function hasDecimalMark(text: string): boolean {
  return text.includes(".") || text.includes(",");
}
