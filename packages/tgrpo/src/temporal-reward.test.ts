import { describe, expect, test } from "vitest";
import { presets } from "./presets.ts";
import type { RolloutGroup } from "./rollout.ts";
import { temporalReward } from "./temporal-reward.ts";

const rollout = (accuracy: number) => ({ completionIds: new Int32Array(1), accuracy, format: 1 });
const video = (ordered: number[], shuffled: number[]): RolloutGroup => ({
  kind: "video",
  ordered: ordered.map(rollout),
  shuffled: shuffled.map(rollout),
});
const reward = (group: RolloutGroup, name: keyof typeof presets) =>
  temporalReward(group, presets[name].temporal, presets[name]);

describe("fires", () => {
  test.each<[string, number[], number[], Record<keyof typeof presets, boolean>]>([
    ["all wrong on both sides: under >= 0 reaches 0", [0, 0], [0], { neurips: true, v1: false, code: true }],
    ["all right on both sides", [1, 1], [1], { neurips: true, v1: true, code: true }],
    ["p = p~", [1, 0], [1, 0], { neurips: true, v1: true, code: true }],
    ["p between 0.8 p~ and p~", [1, 1, 1, 1, 1, 0, 0, 0], [1, 1, 1, 0], { neurips: false, v1: true, code: true }],
    ["p = 0.8 p~ exactly", [1, 1, 1, 1, 0], [1, 1, 1], { neurips: false, v1: false, code: true }],
    ["p far below p~", [1, 0, 0, 0], [1, 1], { neurips: false, v1: false, code: false }],
    [
      "mean .45 beats mean .3, but no answer is correct",
      [0.45, 0.45],
      [0, 0.6],
      { neurips: false, v1: false, code: true },
    ],
  ])("%s", (_, ordered, shuffled, expected) => {
    for (const name of ["neurips", "v1", "code"] as const)
      expect(reward(video(ordered, shuffled), name).fired, name).toBe(expected[name]);
  });
});

test("only correct rollouts are paid", () => {
  expect(reward(video([1, 0.5, 0.4, 0.1], [0]), "neurips").bonus).toEqual([0.3, 0.3, 0, 0]);
  expect(reward(video([1, 0.5, 0.4, 0.1], [0]), "code").bonus).toEqual([0.3, 0.3, 0.3, 0]); // > 0.1, strict
});

test("an image is compared with nothing", () => {
  const image: RolloutGroup = { kind: "image", ordered: [rollout(1), rollout(0)] };
  expect(reward(image, "neurips")).toEqual({ p: 0.5, pShuffled: null, fired: null, bonus: [0, 0] });
});

test("a video without shuffled rollouts is a mistake while the reward is on", () => {
  expect(() => reward(video([1, 0], []), "neurips")).toThrow(/needs 1 or more shuffled rollouts/);
  expect(temporalReward(video([1, 0], []), { kind: "none" }, presets.neurips).fired).toBeNull();
});
