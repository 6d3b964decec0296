import { parsePythonFloat } from "../python-float.ts";

const groupedThousands = /^\s*[+-]?\d{1,3}(?:,\d{3})+(?:\.\d*)?(?:[eE][+-]?\d+)?\s*$/;

/**
 * The number an answer states to the original: all commas dropped, then Python's `float()`; `undefined` if it is not a
 * number. May be infinite or NaN.
 *
 * @see tulerfeng/Video-R1@59d65c3 src/r1-v/src/open_r1/grpo.py `normalize_number`
 */
export function parseNumber(answer: string): number | undefined {
  return parsePythonFloat(answer.includes(",") ? answer.replaceAll(",", "") : answer);
}

/** The same, but a comma only between thousands (`1,000`, not `3,5`), and finite. */
export function parseFiniteNumber(answer: string): number | undefined {
  if (answer.includes(",") && !groupedThousands.test(answer)) return undefined;
  const number = parseNumber(answer);
  return number !== undefined && Number.isFinite(number) ? number : undefined;
}
