import { isSafe, type RulesOption } from "./rules.ts";

const { fround } = Math;

/** θ = 0.50, 0.55, …, 0.95, as numpy's `linspace(0.5, 0.95, 10)`. */
const thresholds = Array.from({ length: 10 }, (_, i) => (i === 9 ? 0.95 : i * ((0.95 - 0.5) / 9) + 0.5));

/** 1 - θ as float64, and as float32 with each operation rounded. */
const limits = thresholds.map((threshold) => 1 - threshold);
const limits32 = Array.from({ length: 10 }, (_, i) => fround(1 - fround(0.5 + i * 0.05)));

/**
 * Mean relative accuracy: the share of the ten thresholds θ = 0.50, 0.55, …, 0.95 within which the prediction is.
 *
 * `safe`: the official VSI-Bench metric, |prediction - truth| / |truth| <= 1 - θ in float64. Where the official one
 * divides by zero or by a negative truth: against 0 only 0 is right, and the size of the truth counts.
 * `video-r1`: |prediction - truth| / (|truth| + 1e-8) < 1 - θ in float32, as the original's evaluation. They differ by
 * 0.1 where the error meets a threshold. In both a NaN or infinite error scores 0.
 *
 * @returns a multiple of 0.1 in [0, 1] (as float32 under `video-r1`).
 * @see arXiv:2412.14171 section 3.2; vision-x-nyu/thinking-in-space lmms_eval/tasks/vsibench/utils.py;
 * tulerfeng/Video-R1@59d65c3 src/eval_bench.py `mean_relative_accuracy`
 */
export function meanRelativeAccuracy(prediction: number, truth: number, options: RulesOption = {}): number {
  return isSafe(options) ? official(prediction, truth) : inFloat32(prediction, truth);
}

function official(prediction: number, truth: number): number {
  if (truth === 0) return prediction === 0 ? 1 : 0;
  const error = Math.abs(prediction - truth) / Math.abs(truth);
  return limits.filter((limit) => error <= limit).length / limits.length;
}

function inFloat32(prediction: number, truth: number): number {
  const truth32 = fround(truth);
  const distance = Math.abs(fround(fround(prediction) - truth32));
  const error = fround(distance / fround(Math.abs(truth32) + fround(1e-8)));
  return fround(limits32.filter((limit) => error < limit).length / limits32.length);
}
