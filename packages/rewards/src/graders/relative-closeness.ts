import type { Grading } from "../options.ts";
import { areComparable, parseNumber, readFinite } from "./parse-number.ts";

/**
 * 1 - min(1, error), and 0 if either text is not a number.
 *
 * `video-r1`: error = (|answer - truth| + 1e-9) / (|truth| + 1e-9). An error that is not a number (`nan` as the answer, or
 * an infinite truth) scores 1, and an exact answer to a truth of 0 scores 0.
 * `safe`: error = |answer - truth| / |truth| of finite numbers; against a truth of 0 an answer of 0 scores 1, any other 0.
 *
 * @see tulerfeng/Video-R1@59d65c3 src/r1-v/src/open_r1/grpo.py `accuracy_reward`, "regression"
 */
export function relativeCloseness(answer: string, truth: string, grading: Grading): number {
  const isSafe = grading.rules === "safe";
  const x = isSafe ? readFinite(answer, grading) : parseNumber(answer);
  const y = isSafe ? readFinite(truth, grading) : parseNumber(truth);
  if (x === undefined || y === undefined || (isSafe && !areComparable(answer, truth, grading))) return 0;
  if (isSafe) return x === y ? 1 : 1 - Math.min(1, Math.abs(x - y) / Math.abs(y));
  const error = (Math.abs(x - y) + 1e-9) / (Math.abs(y) + 1e-9);
  return Number.isNaN(error) ? 1 : 1 - Math.min(1, error);
}
