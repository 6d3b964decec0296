import { describe, expect, test } from "vitest";
import golden from "../test/golden/tgrpo.json" with { type: "json" };
import { weigh } from "../test/weigh.ts";
import { groupMetrics } from "./metrics.ts";
import type { ScoreOptions } from "./options.ts";
import { presets } from "./presets.ts";
import type { RolloutGroup, Scorable } from "./rollout.ts";
import { scoreGroup } from "./score-group.ts";

type Case = (typeof golden.cases)[number];

function groupOf(c: Case): RolloutGroup {
  const ordered: Scorable[] = c.ordered_accuracy.map((accuracy, i) => ({
    completionIds: new Int32Array(c.lengths[i]!),
    accuracy,
    format: c.ordered_format[i]!,
  }));
  const shuffled = (c.shuffled_accuracy ?? []).map((accuracy) => ({
    completionIds: new Int32Array(1),
    accuracy,
    format: 0,
  }));
  return c.data_type === "image" ? { kind: "image", ordered } : { kind: "video", ordered, shuffled };
}

/** The preset with the case's switches, and any advantage form. */
const optionsOf = (c: Case, preset: ScoreOptions, advantage = preset.advantage): ScoreOptions => ({
  ...preset,
  temporal: c.temporal ? preset.temporal : { kind: "none" },
  length: { ...preset.length, enabled: c.len_control },
  advantage,
});

function expectAllClose(actual: readonly number[], expected: readonly number[], tolerance: number) {
  expect(actual).toHaveLength(expected.length);
  for (const [i, value] of expected.entries())
    expect(Math.abs(actual[i]! - value), `element ${i}: ${actual[i]} against ${value}`).toBeLessThanOrEqual(
      tolerance * Math.max(1, Math.abs(value)),
    );
}

const muOne: ScoreOptions = { ...presets.code, temporal: { ...presets.code.temporal, mu: 1 } };

describe(`scoreGroup matches ${golden.source.repo}@${golden.source.commit}, ${golden.cases.length} cases`, () => {
  test.each([
    ["code", presets.code],
    ["code_mu_1", muOne],
  ] as const)("preset %s", (variant, preset) => {
    for (const c of golden.cases) {
      const expected = c[variant];
      const group = groupOf(c);
      const score = scoreGroup(group, optionsOf(c, preset));
      expectAllClose(score.rewards, expected.rewards, golden.tolerance.code);
      // The reference subtracts and divides in float32: its rounding of R - mean is magnified by 1 / (std + 1e-4).
      expectAllClose(score.advantages, expected.advantages, golden.tolerance.codeCentred / (expected.std + 1e-4));
      const metrics = groupMetrics([weigh(group, score)]);
      expect(metrics["reward/temporal"], c.id).toBe(expected.temporal_reward_logged);
      expect(metrics["original/allWrong"], c.id).toBe(expected.all_wrong);
      expect(metrics["original/allCorrect"], c.id).toBe(expected.all_correct);
      expectAllClose(
        [metrics["reward/total"]!, metrics["reward/std"]!],
        [expected.mean, expected.std],
        golden.tolerance.code,
      );
    }
  });

  test.each([
    ["paper_v1", presets.v1],
    ["paper_neurips", presets.neurips],
  ] as const)("preset %s, std with n - 1 and with n, no epsilon", (variant, preset) => {
    for (const c of golden.cases) {
      const expected = c[variant];
      for (const ddof of [0, 1] as const) {
        const score = scoreGroup(groupOf(c), optionsOf(c, preset, { scale: "std", ddof, eps: 0, minStd: 0 }));
        expectAllClose(score.rewards, expected.rewards, golden.tolerance.paper);
        const advantages = ddof === 1 ? expected.advantages_sample_std : expected.advantages_population_std;
        expectAllClose(score.advantages, advantages, golden.tolerance.paper);
        expect(score.correct, c.id).toEqual(expected.correct);
        expect(score.temporal.p, c.id).toBeCloseTo(expected.p, 12);
        if (score.temporal.pShuffled !== null)
          expect(score.temporal.pShuffled, c.id).toBeCloseTo(expected.p_shuffled!, 12);
        expect(score.temporal.fired === true, c.id).toBe(expected.temporal_reward > 0);
      }
    }
  });
});

test("target advantage: the bonus is added after normalisation", () => {
  const options: ScoreOptions = { ...presets.neurips, temporal: { ...presets.neurips.temporal, target: "advantage" } };
  const plain: ScoreOptions = { ...options, temporal: { kind: "none" } };
  const rollout = (accuracy: number) => ({ completionIds: new Int32Array(10), accuracy, format: 1 });
  const group: RolloutGroup = { kind: "video", ordered: [1, 1, 0, 0].map(rollout), shuffled: [1, 0].map(rollout) };
  const score = scoreGroup(group, options);
  const base = scoreGroup(group, plain);
  expect(score.rewards).toEqual(base.rewards);
  expect(score.advantages).toEqual(base.advantages.map((advantage, i) => advantage + [0.3, 0.3, 0, 0][i]!));
});

test("weights scale the rule rewards", () => {
  const ordered = [0.6, 0].map((accuracy) => ({ completionIds: new Int32Array(10), accuracy, format: 1 }));
  const options: ScoreOptions = { ...presets.neurips, weights: { accuracy: 2, format: 0.5 } };
  expect(scoreGroup({ kind: "image", ordered }, options).rewards).toEqual([1.7, 0.5]);
});
