import { expect, test } from "vitest";
import { lengthReward } from "./length-reward.ts";
import { presets } from "./presets.ts";

const lengths = [319, 320, 512, 513, 400];
test.each([
  ["the window includes both ends", presets.neurips, [true, true, true, true, false], [0, 0.2, 0.2, 0, 0]],
  ["v1 pays 0.1", presets.v1, [false, true, false, false, false], [0, 0.1, 0, 0, 0]],
  [
    "the code wants two correct completions, in the window or not",
    presets.code,
    [false, true, false, false, false],
    [0, 0, 0, 0, 0],
  ],
  ["two suffice", presets.code, [true, true, false, false, false], [0, 0.2, 0, 0, 0]],
  ["nobody correct", presets.neurips, [false, false, false, false, false], [0, 0, 0, 0, 0]],
])("%s", (_, { length }, correct, expected) => {
  expect(lengthReward(lengths, correct, length)).toEqual(expected);
});

test("off", () => {
  expect(lengthReward([400], [true], { ...presets.neurips.length, enabled: false })).toEqual([0]);
});
