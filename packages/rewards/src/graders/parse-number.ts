import { parsePythonFloat } from "../python-float.ts";

/**
 * The number an answer states: commas dropped, then Python's `float()`; `undefined` if it is not a number.
 *
 * @see tulerfeng/Video-R1@59d65c3 src/r1-v/src/open_r1/grpo.py `normalize_number`
 */
export function parseNumber(answer: string): number | undefined {
  return parsePythonFloat(answer.replaceAll(",", ""));
}
