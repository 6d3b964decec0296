import { describe, expect, test } from "vitest";
import { type ComparedLogps, measureMismatch, mismatchMetrics } from "./mismatch.ts";
import type { ImportanceSamplingOptions } from "./options.ts";

const rows: ComparedLogps[] = [
  { trainer: [-1, -2, -3], sampler: [-1.5, -2, Number.NaN] },
  { trainer: [-0.1], sampler: [-2.1] },
];
const metricsOf = (given: readonly ComparedLogps[], options: Partial<ImportanceSamplingOptions> = {}) =>
  mismatchMetrics([measureMismatch(given, options)!]);

test("differences are over the tokens whose log-probability is known", () => {
  const metrics = metricsOf(rows);
  expect(metrics["sampling/samplingLogpDifference/mean"]).toBeCloseTo(2.5 / 3, 12);
  expect(metrics["sampling/samplingLogpDifference/max"]).toBeCloseTo(2, 12);
  const kl = (x: number) => Math.exp(x) - x - 1;
  expect(metrics["sampling/kl"]).toBeCloseTo((kl(0.5) + kl(2)) / 3, 12);
});

test.each<[Partial<ImportanceSamplingOptions>, number[], number]>([
  [{}, [Math.exp(0.5), 1, 1, Math.exp(2)], 0], // an unknown one is 1
  [{ mode: "token_truncate", clipMax: 3, clipMin: 1.2 }, [Math.exp(0.5), 1.2, 1.2, 3], 0.75],
  [{ mode: "token_mask", clipMax: 3 }, [Math.exp(0.5), 1, 1, 0], 0.25],
  [{ mode: "sequence_mask", clipMax: 3 }, [Math.exp(0.5), 0], 0.5],
])("%j: weights, their cut share and effective size", (options, weights, cutShare) => {
  const metrics = metricsOf(rows, options);
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const squares = weights.reduce((total, weight) => total + weight ** 2, 0);
  expect(metrics["sampling/importanceSamplingRatio/min"]).toBeCloseTo(Math.min(...weights), 12);
  expect(metrics["sampling/importanceSamplingRatio/mean"]).toBeCloseTo(sum / weights.length, 12);
  expect(metrics["sampling/importanceSamplingRatio/max"]).toBeCloseTo(Math.max(...weights), 12);
  expect(metrics["sampling/cutShare"]).toBe(cutShare);
  expect(metrics["sampling/effectiveSampleSize"]).toBeCloseTo(sum ** 2 / (weights.length * squares), 12);
});

describe("parts of a batch", () => {
  test("come to what the whole has", () => {
    const options = { mode: "token_mask", clipMax: 3 } as const;
    const parts = rows.map((row) => measureMismatch([row], options)!);
    const [joined, whole] = [mismatchMetrics(parts), metricsOf(rows, options)];
    for (const [name, value] of Object.entries(whole)) expect(joined[name as "loss"], name).toBeCloseTo(value!, 12);
  });

  test("nothing known is no mismatch, and no metric", () => {
    expect(measureMismatch([{ trainer: [-1], sampler: [Number.NaN] }], {})).toBeUndefined();
    expect(mismatchMetrics([])).toEqual({});
  });

  test("a ratio out of range is bounded, as the weight in the loss", () => {
    const metrics = metricsOf([{ trainer: [0], sampler: [-900] }], { mode: "sequence_mask", clipMax: null });
    expect(metrics["sampling/importanceSamplingRatio/max"]).toBeCloseTo(Math.exp(20), 3);
  });

  test("all weights masked: no sample is left", () => {
    const metrics = metricsOf([{ trainer: [0], sampler: [-9] }], { mode: "sequence_mask", clipMax: 3 });
    expect(metrics["sampling/effectiveSampleSize"]).toBe(0);
  });
});
