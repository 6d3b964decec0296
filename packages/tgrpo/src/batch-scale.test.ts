import { expect, test } from "vitest";
import { scaleByBatch } from "./batch-scale.ts";
import type { ScoreOptions } from "./options.ts";
import { presets } from "./presets.ts";
import type { WeighedGroup } from "./rollout.ts";
import { weighGroup } from "./weigh-group.ts";

const options = (change: Partial<ScoreOptions>): ScoreOptions => ({
  ...presets.neurips,
  length: { ...presets.neurips.length, enabled: false },
  advantage: { scale: "batch", ddof: 1, eps: 0, minStd: 0 },
  ...change,
});

const weighed = (promptId: string, accuracies: number[], scoring: ScoreOptions) => {
  const rollout = (accuracy: number, i: number) => ({
    id: `${promptId}/${i}`,
    policyVersion: 0,
    text: "",
    completionIds: Int32Array.of(1),
    accuracy,
    format: 1,
  });
  const [ordered, shuffled] = [accuracies.map(rollout), [0].map(rollout)];
  return weighGroup({ promptId, kind: "video", ordered, shuffled, failed: [] }, scoring) as WeighedGroup;
};
const advantages = (groups: readonly WeighedGroup[]) =>
  groups.map(({ ordered }) => ordered.map(({ advantage }) => advantage));

test("each group has its own mean, and all have the deviation of the step", () => {
  const scoring = options({ temporal: { kind: "none" } });
  const groups = [weighed("a", [1, 0], scoring), weighed("b", [1, 1], scoring)];
  const std = Math.sqrt((3 * 0.25 ** 2 + 0.75 ** 2) / 3); // of 2, 1, 2, 2
  expect(advantages(scaleByBatch(groups, scoring))[0]![0]).toBeCloseTo(0.5 / std, 12);
  expect(advantages(scaleByBatch(groups, scoring))[0]![1]).toBeCloseTo(-0.5 / std, 12);
  expect(advantages(scaleByBatch(groups, scoring))[1]).toEqual([0, 0]);
});

test("equal rewards in the whole step have no advantage, without eps too", () => {
  const scoring = options({ temporal: { kind: "none" } });
  expect(advantages(scaleByBatch([weighed("a", [1, 1], scoring)], scoring))).toEqual([[0, 0]]);
  expect(scaleByBatch([], scoring)).toEqual([]);
});

test("a bonus on the advantage is added after the division", () => {
  const scoring = options({ temporal: { ...presets.neurips.temporal, target: "advantage" } });
  const [group] = scaleByBatch([weighed("a", [1, 0], scoring)], scoring);
  const std = Math.sqrt(0.5);
  expect(group!.ordered[0]!.advantage).toBeCloseTo(0.5 / std + 0.3, 12);
  expect(group!.ordered[1]!.advantage).toBeCloseTo(-0.5 / std, 12);
});

test.each(["std", "none"] as const)("with scale %s the groups are as they were", (scale) => {
  const scoring = options({ advantage: { scale, ddof: 1, eps: 0, minStd: 0 } });
  const groups = [weighed("a", [1, 0], scoring)];
  expect(scaleByBatch(groups, scoring)).toEqual(groups);
});
