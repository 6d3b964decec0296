import { parseNumber } from "./parse-number.ts";

/**
 * 1 - min(1, (|answer - truth| + 1e-9) / (|truth| + 1e-9)), and 0 if either text is not a number.
 *
 * Kept from the original: a relative error that is not a number (`nan` as the answer, or an infinite truth) scores 1, and
 * an exact answer to a truth of 0 scores 0.
 *
 * @see tulerfeng/Video-R1@59d65c3 src/r1-v/src/open_r1/grpo.py `accuracy_reward`, "regression"
 */
export function relativeCloseness(answer: string, truth: string): number {
  const x = parseNumber(answer);
  const y = parseNumber(truth);
  if (x === undefined || y === undefined) return 0;
  const error = (Math.abs(x - y) + 1e-9) / (Math.abs(y) + 1e-9);
  return Number.isNaN(error) ? 1 : 1 - Math.min(1, error);
}
