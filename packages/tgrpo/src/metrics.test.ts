import { expect, test } from "vitest";
import { weigh as weighed } from "../test/weigh.ts";
import { groupMetrics, metricDescriptions } from "./metrics.ts";
import { measureMismatch, mismatchMetrics } from "./mismatch.ts";
import { ContrastOptions } from "./options.ts";
import { presets } from "./presets.ts";
import type { RolloutGroup, Scorable } from "./rollout.ts";
import { scoreGroup } from "./score-group.ts";

const rollout = (accuracy: number, length = 400, format = 1) => ({
  completionIds: new Int32Array(length),
  accuracy,
  format,
});
const weigh = (group: RolloutGroup) => weighed(group, scoreGroup(group, presets.neurips));

const video: RolloutGroup = {
  kind: "video",
  ordered: [rollout(1), rollout(1, 600), rollout(0), rollout(0, 600, 0)],
  shuffled: [rollout(0), rollout(0)],
};
const lost: RolloutGroup = { kind: "video", ordered: [rollout(0), rollout(0)], shuffled: [rollout(1), rollout(0)] };
const image: RolloutGroup = { kind: "image", ordered: [rollout(1), rollout(1)] };

test("means over groups", () => {
  const groups = [video, lost, image];
  const metrics = groupMetrics(groups.map(weigh));
  const close = (name: keyof typeof metrics, value: number) => expect(metrics[name], name).toBeCloseTo(value, 12);
  close("completionLength", (500 + 400 + 400) / 3);
  close("reward/accuracy", (0.5 + 0 + 1) / 3);
  close("reward/format", (0.75 + 1 + 1) / 3);
  close("reward/temporal", (1 + 0 + 0.5) / 3); // the scaled curve: the image counts as 0.5
  close("reward/length", (0.2 / 4 + 0 + 0.2) / 3);
  close("reward/total", ((2.5 + 2.3 + 1 + 0) / 4 + 1 + 2.2) / 3);
  close("group/allWrong", 1 / 3);
  close("group/allCorrect", 1 / 3);
  close("group/noSignal", 2 / 3);
  close("temporal/fired", 1 / 2);
  close("temporal/p", 0.25);
  close("temporal/pShuffled", 0.25);
  close("temporal/gap", 0);
});

test("images alone define no contrast", () => {
  const metrics = groupMetrics([weigh(image)]);
  expect(metrics["reward/temporal"]).toBe(0.5);
  expect(Object.keys(metrics).filter((name) => name.startsWith("temporal/"))).toEqual([]);
});

test("groups wrong on both sides count as fired, as in the original (its issue 86)", () => {
  const group: RolloutGroup = { kind: "video", ordered: [rollout(0), rollout(0)], shuffled: [rollout(0)] };
  expect(groupMetrics([weigh(group)])["reward/temporal"]).toBe(1);
});

test("the described group metrics are those that groups can have", () => {
  const contrast = ContrastOptions.parse({ kind: "contrast" });
  const contrasted: RolloutGroup = {
    kind: "video",
    ordered: [{ ...rollout(1), contrast: 2, isTruncated: false } as Scorable, rollout(0)],
    shuffled: [],
  };
  const failure = { id: "f", policyVersion: 0, completionIds: new Int32Array(1), text: "", failed: "timed out" };
  const names = Object.keys(
    groupMetrics([
      { ...weigh(video), failed: [failure] },
      weighed(contrasted, scoreGroup(contrasted, { ...presets.neurips, temporal: contrast })),
    ]),
  );
  const ofLoss = ["loss", "kl", "klOverTokens", "clipFraction", "entropy"];
  const ofSampler = Object.keys(mismatchMetrics([measureMismatch([{ trainer: [-1], sampler: [-2] }], {})!]));
  expect([...names, ...ofLoss, ...ofSampler].sort()).toEqual(Object.keys(metricDescriptions).sort());
});

test("further parts of the reward count over the rollouts that have them", () => {
  const own = (brevity?: number): Scorable => ({
    ...rollout(1),
    ...(brevity !== undefined && { rewards: { brevity } }),
  });
  const group: RolloutGroup = { kind: "image", ordered: [own(0.5), own(), own(0.1)] };
  expect(groupMetrics([weigh(group)])["reward/brevity"]).toBeCloseTo(0.3, 12);
});

test("no groups have no means", () => {
  expect(() => groupMetrics([])).toThrow(/at least 1/);
});

test.each([
  { accuracy: 0.9, format: 0.1 },
  { accuracy: 1, format: 0 },
  { accuracy: 2, format: 1 },
])("all wrong and all correct go by what is correct, at weights %j", (weights) => {
  const sharesOf = (accuracy: number) => {
    const group: RolloutGroup = { kind: "image", ordered: [rollout(accuracy, 10), rollout(accuracy, 10, 0)] };
    const options = { ...presets.neurips, correctThreshold: 0.7, weights };
    const metrics = groupMetrics([weighed(group, scoreGroup(group, options))]);
    return [metrics["group/allWrong"], metrics["group/allCorrect"]];
  };
  expect(sharesOf(1)).toEqual([0, 1]);
  expect(sharesOf(0.6)).toEqual([1, 0]);
});

test("the share of truncated completions is of those whose end is known", () => {
  const ended = (isTruncated: boolean) => ({ ...rollout(1), isTruncated });
  const group: RolloutGroup = { kind: "image", ordered: [ended(true), ended(false), ended(false), rollout(1)] };
  expect(groupMetrics([weigh(group)]).truncatedShare).toBeCloseTo(1 / 3, 12);
  expect(groupMetrics([weigh(image)])).not.toHaveProperty("truncatedShare");
});
