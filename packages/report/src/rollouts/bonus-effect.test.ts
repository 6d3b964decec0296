import { contrastDefaults, presets, type ScoreOptions, scoreGroup } from "@videor1/tgrpo";
import { describe, expect, test } from "vitest";
import type { Rollouts } from "../read/run-schema.ts";
import { bonusEffect } from "./bonus-effect.ts";

const literal: ScoreOptions = { ...presets.neurips, length: { ...presets.neurips.length, enabled: false } };
const unnormalised: ScoreOptions = { ...literal, advantage: { ...literal.advantage, scale: "none" } };

/** A logged video group with these accuracies, and its advantages under `options`. */
function logged(ordered: number[], shuffled: number[], options: ScoreOptions): Rollouts {
  const rollouts = (values: number[]) =>
    values.map((accuracy) => ({ completionIds: new Int32Array(5), accuracy, format: 1 }));
  const score = scoreGroup({ kind: "video", ordered: rollouts(ordered), shuffled: rollouts(shuffled) }, options);
  const row = { text: "", tokens: 5, format: 1 };
  return {
    step: 1,
    problemId: 1,
    dataSource: "data/order",
    problemType: "regression",
    dataType: "video",
    problem: "",
    options: [],
    solution: "",
    path: "",
    frameIndices: [0, 1],
    permutation: [1, 0],
    p: score.temporal.p,
    pShuffled: score.temporal.pShuffled,
    temporalReward: Number(score.temporal.fired),
    ordered: ordered.map((accuracy, i) => ({
      ...row,
      accuracy,
      temporalBonus: score.temporal.bonus[i]!,
      lengthBonus: 0,
      reward: score.rewards[i]!,
      advantage: score.advantages[i]!,
    })),
    shuffled: shuffled.map((accuracy) => ({ ...row, accuracy })),
  };
}

describe("bonusEffect", () => {
  test("in the literal form the bonus changes no advantage of right-or-wrong rewards", () => {
    const effect = bonusEffect([logged([1, 0, 1, 1], [0, 0], literal), logged([1, 1, 1, 1], [0, 1], literal)], literal);
    expect(effect).toMatchObject({
      groups: 2,
      paid: 2,
      fired: 2,
      reproduced: 2,
      literal: { groups: 0 },
      asRun: { groups: 0 },
    });
    expect(effect.literal!.largest).toBeLessThan(1e-3);
  });

  test("three levels of reward around the threshold do change", () => {
    const { literal: change } = bonusEffect([logged([1, 0.6, 0, 0], [0, 0], literal)], literal);
    expect(change!.groups).toBe(1);
    expect(change!.largest).toBeGreaterThan(0.01);
  });

  test("without division the bonus keeps its size: alpha times the share of others that did not get it", () => {
    const effect = bonusEffect([logged([1, 0, 1, 1], [0, 0], unnormalised)], unnormalised);
    expect(effect.literal!.groups).toBe(0);
    expect(effect.asRun).toEqual({ groups: 1, largest: expect.closeTo(0.3 * 0.75, 12) });
  });

  test("under scale batch the deviation of the step is the logged one", () => {
    const options: ScoreOptions = { ...literal, advantage: { ...literal.advantage, scale: "batch" } };
    const group = logged([1, 0, 1, 1], [0, 0], unnormalised);
    const scaled = (factor: number) =>
      group.ordered.map((answer) => ({ ...answer, advantage: answer.advantage * factor }));
    const effect = bonusEffect([{ ...group, ordered: scaled(2) }], options);
    expect(effect.reproduced).toBe(1);
    expect(effect.asRun).toEqual({ groups: 1, largest: expect.closeTo(2 * 0.3 * 0.75, 12) });
    const broken = scaled(2).map((answer, i) => (i === 1 ? answer : { ...answer, advantage: 0.1 }));
    expect(bonusEffect([{ ...group, ordered: broken }], options).reproduced).toBe(0);
  });

  test("groups that fire with p = p̃ are counted, and those where nobody was right", () => {
    const effect = bonusEffect([logged([1, 0], [1, 0], literal), logged([0, 0], [0, 0], literal)], literal);
    expect(effect).toMatchObject({ fired: 2, tied: 2, tiedAtZero: 1, paid: 1 });
  });

  test("order contrast is scored from the logged contrasts, and is compared with no bonus alone", () => {
    const options: ScoreOptions = { ...literal, temporal: { ...contrastDefaults, clip: 0, tau: 1 } };
    const group = logged([1, 1, 1, 1], [0], literal);
    const ordered = group.ordered.map((answer, i) => ({
      ...answer,
      contrast: i % 2 === 0 ? 6 : 0.2,
      advantage: i % 2 === 0 ? 0.8655 : -0.8655, // rewards 2.3 and 2
    }));
    const effect = bonusEffect([{ ...group, ordered }], options);
    expect(effect).toMatchObject({ paid: 1, fired: 0, literal: null, reproduced: 1 });
    expect(effect.asRun).toEqual({ groups: 1, largest: expect.closeTo(0.8655, 4) });
  });

  test("a log that the options do not explain is not called reproduced", () => {
    expect(bonusEffect([logged([1, 0, 1, 1], [0, 0], unnormalised)], literal).reproduced).toBe(0);
  });
});
