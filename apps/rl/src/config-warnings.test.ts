import { expect, test } from "vitest";
import { RlConfig } from "./config.ts";
import { configWarnings } from "./config-warnings.ts";

const data = { records: "r.json", media: { mediaRoot: "." } };
const server = { urls: ["http://127.0.0.1:8000/v1"], model: "m", folder: "pushes" };
const warnings = (change: object) => configWarnings(RlConfig.parse({ model: "m", outputDir: "o", data, ...change }));

test("the defaults need no warning", () => {
  expect(warnings({})).toEqual([]);
});

test.each<[object, RegExp]>([
  [{ maxSteps: 3, optimizer: { warmupSteps: 1000 } }, /warmupSteps 1000 is not below the run's 3 steps/],
  [{ tgrpo: { length: { min: 512, max: 320 } } }, /no length is from 512 to 320/],
  [{ rollout: { maxCompletionLength: 48 } }, /length.min 320 is above rollout.maxCompletionLength 48/],
  [{ rollout: { topP: 0.8 } }, /topP 0.8 cuts tokens/],
  [{ loss: { delta: 2 } }, /loss.delta 2 does nothing with loss.iterations 1/],
  [{ loss: { importanceSamplingLevel: "sequence" } }, /importanceSamplingLevel sequence does nothing/],
  [{ rollout: { topK: 2 } }, /topK 2 cuts tokens/],
  [{ rollout: { maxStaleness: 1, server }, loss: { importanceSampling: "none" } }, /answers of an older policy count/],
])("%j", (change, message) => {
  expect(warnings(change)).toEqual([expect.stringMatching(message)]);
});

test.each([{ tgrpo: { correctThreshold: 7 } }, { loss: { epsilonLow: 5 } }, { loss: { delta: 1.2 } }])(
  "%j is refused",
  (change) => {
    expect(() => warnings(change)).toThrow();
  },
);
