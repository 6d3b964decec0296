import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { contrastReward } from "./contrast-reward.ts";
import type { ContrastOptions, ScoreOptions } from "./options.ts";
import { contrastDefaults, presets } from "./presets.ts";
import type { RolloutGroup } from "./rollout.ts";
import { scoreGroup } from "./score-group.ts";

/** Without a dead zone, so that small whole numbers earn. */
const bare: ContrastOptions = { ...contrastDefaults, tau: 0 };
const gate: ContrastOptions = { ...contrastDefaults, tau: 1, clip: 0 };
const permuted: ContrastOptions = { ...gate, assignment: "permuted" };

describe("shape", () => {
  test.each<[string, Partial<ContrastOptions>, number[], number[]]>([
    ["clip 4: rises from 0 to 4 nats", {}, [-3, 0, 1, 4, 9], [0, 0, 0.25, 1, 1]],
    ["tau 1, clip 4: rises from 1 to 5", { tau: 1 }, [0.9, 1, 3, 5, 6], [0, 0, 0.5, 1, 1]],
    ["gate: all or nothing, tau itself earns nothing", { tau: 1, clip: 0 }, [0, 1, 1.01, 9], [0, 0, 1, 1]],
  ])("%s", (_, change, deltas, x) => {
    const bonus = contrastReward(deltas, { ...bare, ...change });
    for (const [i, value] of x.entries()) expect(bonus[i]!).toBeCloseTo(0.3 * value, 12);
  });

  test("a wrong completion gets nothing", () => {
    expect(contrastReward([9, null, 9, null], gate)).toEqual([0.3, 0, 0.3, 0]);
  });
});

describe("the permuted control", () => {
  test("deals the bonuses of the correct completions out among them, in the order of the permutation", () => {
    expect(contrastReward([9, null, 0, 9], permuted, [2, 1, 3, 0])).toEqual([0, 0, 0.3, 0.3]);
    expect(contrastReward([9, null, 0, 9], permuted, [0, 1, 2, 3])).toEqual(contrastReward([9, null, 0, 9], gate));
  });

  const groups = fc.array(fc.option(fc.double({ min: -5, max: 12, noNaN: true })), { minLength: 2, maxLength: 12 });
  const cases = groups.chain((deltas) =>
    fc.tuple(fc.constant(deltas), fc.shuffledSubarray([...deltas.keys()], { minLength: deltas.length })),
  );
  test("keeps the bonus mass, and wrong completions without any", () => {
    fc.assert(
      fc.property(cases, ([deltas, permutation]) => {
        const own = contrastReward(deltas, bare);
        const dealt = contrastReward(deltas, { ...bare, assignment: "permuted" }, permutation);
        expect(dealt.toSorted()).toEqual(own.toSorted());
        for (const [i, delta] of deltas.entries()) if (delta === null) expect(dealt[i]).toBe(0);
      }),
    );
  });

  test.each([[undefined], [[0]], [[0, 0]], [[0, 2]]])("refuses %o for two completions", (permutation) => {
    expect(() => contrastReward([1, 2], permuted, permutation)).toThrow(/needs a permutation of 2 completions/);
  });
});

describe("in a group", () => {
  const options = (temporal: ScoreOptions["temporal"]): ScoreOptions => ({
    ...presets.neurips,
    temporal,
    length: { ...presets.neurips.length, enabled: false },
  });
  const rollout = (accuracy: number, contrast?: number) => ({
    completionIds: new Int32Array(10),
    accuracy,
    format: 1,
    ...(contrast !== undefined && { contrast }),
  });
  const video = (...ordered: ReturnType<typeof rollout>[]): RolloutGroup => ({ kind: "video", ordered, shuffled: [] });

  test("all correct: rewards 2 with x = 1, 0, 1, 0 have advantages +-.8655, where GRPO has none", () => {
    const group = video(rollout(1, 6), rollout(1, 0), rollout(1, 8), rollout(1, 0.2));
    const { rewards, advantages } = scoreGroup(group, options(gate));
    expect(rewards).toEqual([2.3, 2, 2.3, 2]);
    for (const [i, sign] of [1, -1, 1, -1].entries()) expect(advantages[i]!).toBeCloseTo(sign * 0.8655, 4);
    expect(scoreGroup(group, options({ kind: "none" })).advantages).toEqual([0, 0, 0, 0]);
  });

  test("no contrast anywhere: the advantages are GRPO's, as those of literal T-GRPO are", () => {
    const group = video(rollout(1, 0), rollout(0), rollout(1, 0), rollout(0));
    const { advantages } = scoreGroup(group, options({ kind: "none" }));
    expect(scoreGroup(group, options(bare)).advantages).toEqual(advantages);
  });

  test("minStd keeps one failure of the gate among seven from weighing 2.5 deviations", () => {
    const group = video(...Array.from({ length: 8 }, (_, i) => rollout(1, i === 0 ? 0 : 6)));
    expect(scoreGroup(group, options(gate)).advantages[0]!).toBeCloseTo(-2.47, 2);
    const wide = { ...options(gate), advantage: { ...presets.neurips.advantage, minStd: 0.3 } };
    expect(scoreGroup(group, wide).advantages[0]!).toBeCloseTo(-0.2625 / 0.3001, 10);
  });

  test("an image gets nothing, and needs no contrast", () => {
    const image: RolloutGroup = { kind: "image", ordered: [rollout(1), rollout(0)] };
    expect(scoreGroup(image, options(gate)).temporal.bonus).toEqual([0, 0]);
  });

  test("a correct completion of a video without contrast is a mistake", () => {
    expect(() => scoreGroup(video(rollout(0), rollout(1)), options(gate))).toThrow(/rollout 1 is correct and has no/);
  });
});
