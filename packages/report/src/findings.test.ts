import { describe, expect, test } from "vitest";
import type { BonusEffect } from "./bonus-effect.ts";
import { type Curve, lineOf } from "./curve.ts";
import { type ArmEffect, findings } from "./findings.ts";
import { headline } from "./headline.ts";
import type { TaskTable } from "./task-table.ts";

const at = (value: number, low = value, high = value) => ({ value, low, high });

/** A table of the temporal tasks: SFT and one arm, or two whose difference is given. */
function tableWith(low: number, high: number, difference?: ReturnType<typeof at>): TaskTable {
  const arms = difference ? ["grpo", "tgrpo"] : ["tgrpo"];
  return {
    models: ["SFT", ...arms],
    rows: [],
    totals: [
      {
        ...{ task: "temporal tasks", problemType: "", temporal: true, n: 40 },
        scores: [at(0.4), ...arms.map(() => at(0.6))],
        changes: arms.map(() => ({ value: 0.2, low, high })),
        differences: difference ? [difference] : [],
        orderGaps: [at(0.1), ...arms.map(() => at(0.4))],
      },
    ],
    unpaired: 0,
  };
}

const curve = (id: Curve["id"], ...lines: (number | null)[][]): Curve => ({
  ...{ id, title: id, about: "", stage: "RL", unit: "share", steps: lines[0]!.map((_, i) => i + 1), window: 3 },
  lines: lines.map((raw, arm) => lineOf(arm, [raw], 3)),
});

const effect: BonusEffect = {
  ...{ groups: 50, paid: 30, fired: 40, tied: 12, tiedAtZero: 5, reproduced: 50 },
  literal: { groups: 1, largest: 0.3 },
  asRun: { groups: 20, largest: 1.5 },
};
const used = (isLiteral: boolean, changed: Partial<BonusEffect> = {}): ArmEffect => ({
  effect: { ...effect, ...changed },
  isLiteral,
  contrast: { border: null, frames: null },
});
const textOf = (table: TaskTable, curves: Curve[], effects: (ArmEffect | null)[]) =>
  findings(table.models.slice(1), table, curves, effects)
    .map(({ title, text }) => `${title}: ${text}`)
    .join("\n");

describe("the headline claims no more than the interval allows", () => {
  test.each([
    { low: 0.05, high: 0.35, verb: "up from" },
    { low: -0.05, high: 0.35, verb: "no clear change from" },
    { low: -0.35, high: -0.05, verb: "down from" },
  ])("[$low, $high]: $verb", ({ low, high, verb }) => {
    expect(headline(tableWith(low, high), 80).text).toBe(
      `After 80 steps of RL the model scores 60.0\u00a0% on the temporal tasks, ${verb} 40.0\u00a0%.`,
    );
  });

  test.each([
    { difference: at(0.1, 0.05, 0.15), verdict: "better" },
    { difference: at(0.1, -0.05, 0.25), verdict: "no clear difference" },
    { difference: at(-0.1, -0.15, -0.05), verdict: "worse" },
  ])("against the first arm [$difference.low, $difference.high]: $verdict", ({ difference, verdict }) => {
    const { text, detail } = headline(tableWith(0.05, 0.35, difference), null);
    expect(text).toContain(
      "After RL the model scores 60.0\u00a0% (grpo) and 60.0\u00a0% (tgrpo) on the temporal tasks",
    );
    expect(detail).toMatch(new RegExp(`^Against grpo, on 40 held-back questions: tgrpo .*, ${verdict}$`));
  });
});

describe("findings", () => {
  const curves = [
    curve("temporal", [0.6, 0.6, 0.6, 0.8, 0.8, 0.8]),
    curve("gap", [0.1, 0.1, 0.1, 0.4, 0.4, 0.4]),
    curve("border", [0.6, 0.6, 0.6, 0.1, null, 0.1]),
  ];

  test("counts what the bonus changed, in the paper's form and in the run's own", () => {
    const text = textOf(tableWith(0, 1), curves, [used(false)]);
    expect(text).toContain("changes an advantage by more than 0.001 in 1 of 50 groups (2.0\u00a0%)");
    expect(text).toContain("In the form used here, it changes one in 20 of 50 groups (40.0\u00a0%), by at most 1.50");
    expect(text).toContain("p = p̃, which is so in 12 of the 40 groups where it fired (5 with no right answer at all)");
    expect(text).toContain("p − p̃, which went from 0.10 to 0.40");
  });

  test("says so when the log does not follow from the options", () => {
    expect(textOf(tableWith(0, 1), curves, [used(true, { reproduced: 49 })])).toContain(
      "49 of 50 groups (98.0\u00a0%): read with care",
    );
  });

  test("order contrast is told apart from T-GRPO", () => {
    const contrast = { ...used(false, { literal: null }), contrast: { border: 0.12, frames: 6.5 } };
    expect(textOf(tableWith(0, 1), [], [contrast])).toMatch(
      /What the order bonus did: .*not T-GRPO.* by \+0.12 nats, .* by \+6.50\. .*a bonus in 30 of 50 groups.*changed an advantage by more than 0.001 in 20 of 50/,
    );
  });

  test.each([
    { raw: [0.6, 0.6, 0.6, 0.1, 0.1, 0.1], title: "RL left the shortcut:" },
    { raw: [0.1, 0.1, 0.1, 0.6, 0.6, 0.6], title: "RL took to the shortcut:" },
    { raw: [0.1, 0.1, 0.1, 0.12, 0.12, 0.12], title: "RL left the shortcut share as it was:" },
  ])("$title", ({ raw, title }) => {
    expect(textOf(tableWith(0, 1), [curve("border", raw)], [used(true)])).toContain(title);
  });

  test("a run without temporal reward and shuffled questions makes no claim on frame order", () => {
    const { totals, ...table } = tableWith(0, 1);
    const silent = { ...table, totals: totals.map((row) => ({ ...row, orderGaps: [null, null] })) };
    const titles = findings(["grpo"], silent, [], [null]).map(({ title }) => title);
    expect(titles).toEqual(["No temporal reward"]);
  });

  test("arms are told apart: what each did, and what they differ in", () => {
    const border = curve("border", [0.6, 0.6, 0.6, 0.1, 0.1, 0.1], [0.6, 0.6, 0.6, 0.6, 0.6, 0.6]);
    const text = textOf(tableWith(0, 1, at(0.01, -0.02, 0.04)), [border], [null, used(true)]);
    expect(text).toContain("Against grpo: On the temporal tasks, question by question, tgrpo scores +1.0 points");
    expect(text).toContain("no clear difference");
    expect(text).toContain("Not every arm left the shortcut:");
    expect(text).toContain("What the temporal bonus did in tgrpo:");
  });
});
