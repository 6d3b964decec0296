import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { learningRateAt, type Schedule } from "./schedule.ts";

/** The factors of transformers' optimization.py. */
const transformers = {
  constant: (step: number, warmup: number) => (step < warmup ? step / Math.max(1, warmup) : 1),
  linear: (step: number, warmup: number, total: number) =>
    step < warmup ? step / Math.max(1, warmup) : Math.max(0, (total - step) / Math.max(1, total - warmup)),
  cosine(step: number, warmup: number, total: number, minRatio: number) {
    if (step < warmup) return step / Math.max(1, warmup);
    const progress = (step - warmup) / Math.max(1, total - warmup);
    const factor = 0.5 * (1 + Math.cos(Math.PI * 0.5 * 2 * progress));
    return Math.max(0, factor * (1 - minRatio) + minRatio);
  },
};

const schedules = fc
  .record({
    kind: fc.constantFrom("constant" as const, "linear" as const, "cosine" as const),
    learningRate: fc.double({ min: 1e-8, max: 1, noNaN: true }),
    warmupSteps: fc.nat(20),
    run: fc.integer({ min: 1, max: 200 }),
    minRatio: fc.double({ min: 0, max: 1, noNaN: true }),
  })
  .map(({ run, ...schedule }): Schedule => ({ ...schedule, totalSteps: schedule.warmupSteps + run }));

test("equals transformers' formulas at every step of the run", () => {
  fc.assert(
    fc.property(schedules, (schedule) => {
      const { kind, learningRate, warmupSteps, totalSteps } = schedule;
      const minRatio = kind === "cosine" ? schedule.minRatio : 0; // transformers' linear schedule has no minimum
      for (let step = 0; step <= totalSteps; step++) {
        const expected = learningRate * transformers[kind](step, warmupSteps, totalSteps, minRatio);
        expect(learningRateAt({ ...schedule, minRatio }, step)).toBeCloseTo(expected, 12);
      }
    }),
  );
});

test("between minRatio and the peak after the warm-up, never rising, minRatio at and after the end", () => {
  fc.assert(
    fc.property(
      schedules.filter(({ kind }) => kind !== "constant"),
      (schedule) => {
        const { learningRate, warmupSteps, totalSteps, minRatio } = schedule;
        const rates = Array.from({ length: totalSteps - warmupSteps + 1 }, (_, i) =>
          learningRateAt(schedule, warmupSteps + i),
        );
        expect(rates[0]).toBeCloseTo(learningRate, 12);
        for (const [i, rate] of rates.entries()) if (i > 0) expect(rate).toBeLessThanOrEqual(rates[i - 1]! + 1e-15);
        for (const step of [totalSteps, totalSteps + 1, 10 * totalSteps])
          expect(learningRateAt(schedule, step)).toBeCloseTo(learningRate * minRatio, 12);
      },
    ),
  );
});

describe("values at single steps", () => {
  const base = { learningRate: 2, warmupSteps: 4, totalSteps: 12, minRatio: 0.1 };
  test.each([
    ["constant", 0, 0],
    ["constant", 1, 0.5],
    ["constant", 100, 2],
    ["linear", 4, 2],
    ["linear", 8, 2 * 0.55],
    ["cosine", 8, 2 * 0.55],
    ["cosine", 6, 2 * (0.1 + 0.9 * 0.8535533905932737)],
    ["cosine", 12, 0.2],
  ] as const)("%s, step %i", (kind, step, expected) => {
    expect(learningRateAt({ ...base, kind }, step)).toBeCloseTo(expected, 14);
  });
});

test("the original's run: cosine over 65,768 steps is 9.79e-7 at epoch 0.09", () => {
  const schedule: Schedule = { kind: "cosine", learningRate: 1e-6, warmupSteps: 0, totalSteps: 65_768, minRatio: 0 };
  expect(learningRateAt(schedule, Math.round(0.093 * 65_768))).toBeCloseTo(9.79e-7, 9);
});

test.each([-1, 0.5, Number.NaN])("step %s is refused", (step) => {
  const schedule: Schedule = { kind: "constant", learningRate: 1, warmupSteps: 0, totalSteps: 1, minRatio: 0 };
  expect(() => learningRateAt(schedule, step)).toThrow(/must be a whole number/);
});
