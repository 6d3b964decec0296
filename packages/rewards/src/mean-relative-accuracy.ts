// float32 arithmetic throughout, each operation rounded, as the tensors of the original.
const { fround } = Math;

/** 1 - θ for θ = 0.50, 0.55, …, 0.95, as float32. */
const limits = Array.from({ length: 10 }, (_, i) => fround(1 - fround(0.5 + i * 0.05)));

/**
 * Mean relative accuracy: the share of the ten thresholds θ = 0.50, 0.55, …, 0.95 with
 * |prediction - truth| / (|truth| + 1e-8) < 1 - θ. A NaN or infinite error scores 0.
 *
 * The official VSI-Bench metric has `<=` and no 1e-8: it differs by 0.1 where the error meets a threshold.
 *
 * @returns a multiple of 0.1 in [0, 1], as float32.
 * @see arXiv:2412.14171 section 3.2; tulerfeng/Video-R1@59d65c3 src/eval_bench.py `mean_relative_accuracy`
 */
export function meanRelativeAccuracy(prediction: number, truth: number): number {
  const truth32 = fround(truth);
  const distance = Math.abs(fround(fround(prediction) - truth32));
  const error = fround(distance / fround(Math.abs(truth32) + fround(1e-8)));
  return fround(limits.filter((limit) => error < limit).length / limits.length);
}
