import { describe, expect, test } from "vitest";
import { type RewardGolden, readGolden } from "../test/golden.ts";
import { accuracyReward, type ProblemType } from "./accuracy.ts";

const golden = readGolden<RewardGolden>("rewards");

describe(`as ${golden.source.repo}@${golden.source.commit}`, () => {
  test.each(golden.cases)("$id $type", ({ completion, solution, type, expected_accuracy }) => {
    const reward = accuracyReward(completion, solution, type as ProblemType, { rules: "video-r1" });
    expect(Math.abs(reward - expected_accuracy)).toBeLessThanOrEqual(golden.tolerance.accuracy);
  });

  test("all 753 recorded cases are here", () => expect(golden.cases).toHaveLength(753));
});

test.each(["__proto__", "constructor", "", "mcq"])("a type that is none of the five scores 0: %j", (type) => {
  expect(accuracyReward("<answer>A</answer>", "<answer>A</answer>", type as ProblemType)).toBe(0);
});
