import { expect, test } from "vitest";
import { accuracyReward, extractAnswer, formatReward, meanRelativeAccuracy, RulesError, scoreBatch } from "./index.ts";

/** As a caller without types would pass them. */
const mistyped = { rules: "video_r1" as "video-r1" };

test.each([
  () => accuracyReward("", "", "OCR", mistyped),
  () => extractAnswer("", mistyped),
  () => formatReward("", mistyped),
  () => meanRelativeAccuracy(1, 1, mistyped),
  () => scoreBatch([], mistyped),
])("rules of no such name are an error, not a reward: %s", (call) => {
  expect(call).toThrow(expect.objectContaining({ name: "RulesError", code: "UNKNOWN_RULES", rules: "video_r1" }));
});

test("the original's rules know no options", () => {
  const options = { rules: "video-r1", lenientChoices: true } as unknown as { rules: "video-r1" };
  expect(() => accuracyReward("", "", "OCR", options)).toThrow(RulesError);
  expect(() => accuracyReward("", "", "OCR", options)).toThrow("lenientChoices and readNumber need the safe rules");
});

test("safe is the default", () => {
  const completion = "<answer>nan</answer>";
  const solution = "<answer>3</answer>";
  expect(accuracyReward(completion, solution, "regression")).toBe(0);
  expect(accuracyReward(completion, solution, "regression", { rules: undefined })).toBe(0);
  expect(accuracyReward(completion, solution, "regression", { rules: "video-r1" })).toBe(1);
});
