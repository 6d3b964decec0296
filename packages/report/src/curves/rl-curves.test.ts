import { expect, test } from "vitest";
import type { RlRun } from "../read/read-run.ts";
import { rlCurves } from "./rl-curves.ts";

test.each([
  ["a server samples", [0.01, undefined], [0.01, null]],
  ["the policy itself samples: rounding is no curve", [3e-7, 2e-7], [null, null]],
])("mismatch of sampler and trainer where %s", (_, values, expected) => {
  const steps = values.map((value, step) => ({ step, "sampling/samplingLogpDifference/mean": value }));
  const { series } = rlCurves("p", []).find(({ id }) => id === "mismatch")!;
  expect(series({ steps } as unknown as RlRun)).toEqual(expected);
});
