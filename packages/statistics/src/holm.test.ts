import { expect, test } from "vitest";
import { holm } from "./holm.ts";

test.each([
  { values: [0.01, 0.04, 0.03], corrected: [0.03, 0.06, 0.06], reason: "0.04 is no better than 0.03 times 2" },
  { values: [0.5, 0.001, 0.9], corrected: [1, 0.003, 1], reason: "never above 1" },
  { values: [0.02], corrected: [0.02], reason: "one test needs no correction" },
  { values: [], corrected: [], reason: "none" },
])("$values: $corrected, $reason", ({ values, corrected }) => {
  const actual = holm(values);
  expect(actual).toHaveLength(corrected.length);
  for (const [i, p] of corrected.entries()) expect(actual[i]).toBeCloseTo(p, 12);
});
