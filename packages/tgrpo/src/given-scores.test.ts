import { expect, test } from "vitest";
import { type GivenScores, resolveScores } from "./given-scores.ts";
import type { RewardWeights, ScoreOptions } from "./options.ts";

const both: RewardWeights = { accuracy: 1, format: 1 };
const none: GivenScores = { accuracy: null, format: null };

test.each<[string, ScoreOptions["leaveOut"], GivenScores, RewardWeights, object]>([
  ["all there", "withoutAccuracy", { accuracy: 0.5, format: 1 }, both, { accuracy: 0.5, format: 1 }],
  ["no accuracy", "withoutAccuracy", { accuracy: null, format: 1 }, both, { failed: "the scorer gave no accuracy" }],
  ["NaN", "withoutAccuracy", { accuracy: Number.NaN, format: 1 }, both, { failed: "the scorer gave no accuracy" }],
  ["no accuracy, as TRL", "withoutReward", { accuracy: null, format: 1 }, both, { accuracy: 0, format: 1 }],
  ["no accuracy, counted", "none", { accuracy: null, format: 1 }, both, { accuracy: 0, format: 1 }],
  ["no format", "withoutAccuracy", { accuracy: 1, format: null }, both, { accuracy: 1, format: 0 }],
  ["nothing, as TRL", "withoutReward", none, both, { failed: "no part of the reward applies: accuracy, format" }],
  ["nothing, counted", "none", none, both, { accuracy: 0, format: 0 }],
  [
    "a function that does not apply, and nothing else counts",
    "withoutAccuracy",
    { accuracy: 1, format: 1, rewards: { judge: null } },
    { accuracy: 0, format: 0, judge: 1 },
    { failed: "no part of the reward applies: judge" },
  ],
  [
    "the same, where the scorer leaves it out",
    "withoutAccuracy",
    { accuracy: 1, format: 1 },
    { accuracy: 0, format: 0, judge: 1 },
    { failed: "no part of the reward applies: judge" },
  ],
  [
    "another function applies",
    "withoutReward",
    { accuracy: 1, format: 1, rewards: { judge: null, brevity: -1 } },
    { accuracy: 0, format: 0, judge: 1 },
    { accuracy: 1, format: 1, rewards: { brevity: -1 } },
  ],
  ["bonuses alone count", "withoutReward", { accuracy: 1, format: 1 }, { accuracy: 0, format: 0 }, { accuracy: 1 }],
])("%s: %s", (_, leaveOut, given, weights, expected) => {
  const scores = resolveScores(given, { leaveOut, weights });
  expect(scores).toMatchObject(expected);
  expect("failed" in scores).toBe("failed" in expected);
});
