import { expect, test } from "vitest";
import { stepsOfEpochs } from "./steps-of-epochs.ts";

test.each([
  [1, 12, 4, 3],
  [2, 13, 4, 6],
  [0.5, 12, 4, 1],
  [0.01, 12, 4, 1],
  [1, 3, 8, 1],
  [1, 263_071, 4, 65_767],
])("%f epochs of %i records, %i a step: %i steps", (epochs, records, perStep, steps) => {
  expect(stepsOfEpochs(epochs, records, perStep)).toBe(steps);
});

test("more steps than there are numbers are refused", () => {
  expect(() => stepsOfEpochs(1e300, 12, 4)).toThrow(RangeError);
});
