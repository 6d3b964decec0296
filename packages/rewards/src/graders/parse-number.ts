import type { Grading } from "../options.ts";
import { parsePythonFloat } from "../python-float.ts";
import { strip } from "../python-text.ts";

const groupedThousands = /^[+-]?\d{1,3}(?:,\d{3})+(?:\.\d*)?(?:e[+-]?\d+)?$/i;

/**
 * The number an answer states to the original: all commas dropped, then Python's `float()`; `undefined` if it is not a
 * number. May be infinite or NaN.
 *
 * @see tulerfeng/Video-R1@59d65c3 src/r1-v/src/open_r1/grpo.py `normalize_number`
 */
export function parseNumber(answer: string): number | undefined {
  return parsePythonFloat(answer.includes(",") ? answer.replace(/,/g, "") : answer);
}

/** The number an answer states under the safe rules: finite, with commas between thousands only (`1,000`, not `3,5`). */
export function parseFiniteNumber(answer: string): number | undefined {
  if (answer.includes(",") && !groupedThousands.test(strip(answer))) return undefined;
  const number = parseNumber(answer);
  return number !== undefined && Number.isFinite(number) ? number : undefined;
}

/** The finite number that a text states under the safe rules, by the caller's reader if there is one. */
export function readFinite(text: string, { readNumber = parseFiniteNumber }: Grading): number | undefined {
  const number = readNumber(text);
  return number !== undefined && Number.isFinite(number) ? number : undefined;
}
