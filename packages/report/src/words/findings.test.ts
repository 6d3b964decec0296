import { describe, expect, test } from "vitest";
import { type Curve, lineOf } from "../curves/curve.ts";
import type { BonusEffect } from "../rollouts/bonus-effect.ts";
import type { TaskTable } from "../tables/task-table.ts";
import type { Finding } from "./finding.ts";
import { type ArmEffect, type FindingsInput, findings } from "./findings.ts";
import { headline } from "./headline.ts";

const at = (mean: number, low = mean, high = mean) => ({ n: 40, mean, low, high });

/** A table of the temporal tasks: SFT and one arm, or two whose difference is given. */
function tableWith(low: number, high: number, difference?: ReturnType<typeof at>): TaskTable {
  const arms = difference ? ["grpo", "tgrpo"] : ["tgrpo"];
  return {
    models: ["SFT", ...arms],
    rows: [],
    totals: [
      {
        task: "temporal tasks",
        problemType: "",
        temporal: true,
        n: 40,
        scores: [at(0.4), ...arms.map(() => at(0.6))],
        changes: arms.map(() => at(0.2, low, high)),
        differences: difference ? [difference] : [],
        orderGaps: [at(0.1), ...arms.map(() => at(0.45))],
      },
    ],
    unpaired: 0,
  };
}

const curve = (id: string, ...lines: (number | null)[][]): Curve => ({
  id,
  title: id,
  about: "",
  stage: "RL",
  unit: "share",
  steps: lines[0]!.map((_, i) => i + 1),
  window: 3,
  lines: lines.map((raw, arm) => lineOf(arm, [raw], 3)),
});

const effect: BonusEffect = {
  groups: 50,
  paid: 30,
  fired: 40,
  tied: 12,
  tiedAtZero: 5,
  reproduced: 50,
  literal: { groups: 1, largest: 0.31 },
  asRun: { groups: 20, largest: 1.57 },
};
const used = (isLiteral: boolean, changed: Partial<BonusEffect> = {}): ArmEffect => ({
  effect: { ...effect, ...changed },
  isLiteral,
});

const found = (more: Partial<FindingsInput>): Finding[] => {
  const table = tableWith(0, 1);
  return findings({ names: ["tgrpo"], table, curves: [], effects: [null], noted: [], shortcut: undefined, ...more });
};
/** The first finding whose title has these words. */
const textOf = (all: readonly Finding[], title: RegExp): string =>
  all.find((finding) => title.test(finding.title))!.text;
/** Every number in a text, as written. */
const numbersIn = (text: string): string[] => text.match(/[+−]?\d+(\.\d+)?/g) ?? [];

describe("the headline claims no more than the interval allows", () => {
  test.each([
    { low: 0.05, high: 0.35, verb: /, up from/ },
    { low: -0.05, high: 0.35, verb: /, no clear change from/ },
    { low: -0.35, high: -0.05, verb: /, down from/ },
  ])("[$low, $high]: $verb", ({ low, high, verb }) => {
    const { text } = headline(tableWith(low, high), 80);
    expect(text).toMatch(verb);
    expect(numbersIn(text)).toEqual(["80", "60.0", "40.0"]);
  });

  test.each([
    { difference: at(0.1, 0.05, 0.15), direction: "higher" },
    { difference: at(0.1, -0.05, 0.25), direction: "no difference shown" },
    { difference: at(-0.1, -0.15, -0.05), direction: "lower" },
  ])("against the first arm [$difference.low, $difference.high]: $direction", ({ difference, direction }) => {
    const { text, detail } = headline(tableWith(0.05, 0.35, difference), null);
    expect(numbersIn(text)).toEqual(["60.0", "60.0", "40.0"]);
    expect(numbersIn(detail)[0]).toBe("40");
    expect(detail.endsWith(direction)).toBe(true);
  });
});

describe("findings", () => {
  const curves = [curve("temporal", [0.6, 0.6, 0.6, 0.8, 0.8, 0.8]), curve("gap", [0.1, 0.1, 0.1, 0.4, 0.4, 0.4])];

  test("one arm: what order is worth, what the notes add, what the bonus did, which curve to read", () => {
    const noted = { title: "Noted", text: "" };
    const titles = found({ curves, effects: [used(false)], noted: [noted] }).map(({ title }) => title);
    expect(titles).toEqual([
      expect.stringMatching(/frame order/),
      "Noted",
      expect.stringMatching(/temporal bonus/),
      expect.stringMatching(/curve/),
    ]);
  });

  test("frame order is worth what shuffling costs", () => {
    expect(numbersIn(textOf(found({}), /frame order/))).toEqual(["−10.0", "−45.0"]);
    const shortcut = { name: "the caption", about: "that says it all" };
    expect(textOf(found({ shortcut }), /frame order/)).toContain("or from the caption");
  });

  test("counts what the bonus changed, in the paper's form and in the run's own", () => {
    const all = found({ curves, effects: [used(false)] });
    const share = (groups: number) => [String(groups), "50", (2 * groups).toFixed(1)];
    expect(numbersIn(textOf(all, /temporal bonus/))).toEqual([
      ...share(30),
      ...["0.001", ...share(1), "0.31"],
      ...[...share(20), "1.57"],
    ]);
    expect(numbersIn(textOf(all, /curve/))).toEqual(["0.60", "0.80", "12", "40", "5", "0.10", "0.40"]);
  });

  test("says so when the log does not follow from the options", () => {
    const text = textOf(found({ effects: [used(true, { reproduced: 49 })] }), /temporal bonus/);
    expect(numbersIn(text).slice(-3)).toEqual(["49", "50", "98.0"]);
    expect(text).toMatch(/care/);
  });

  test("order contrast is told apart from T-GRPO", () => {
    const all = found({ effects: [used(false, { literal: null })] });
    expect(all.map(({ title }) => title)).not.toContainEqual(expect.stringMatching(/temporal bonus/));
    const text = textOf(all, /order bonus/);
    expect(text).toMatch(/not T-GRPO/);
    expect(numbersIn(text)).toEqual(["30", "50", "60.0", "0.001", "20", "50", "40.0", "1.57"]);
  });

  test("a run without temporal reward and shuffled questions makes no claim on frame order", () => {
    const { totals, ...table } = tableWith(0, 1);
    const silent = { ...table, totals: totals.map((row) => ({ ...row, orderGaps: [null, null] })) };
    expect(found({ table: silent }).map(({ title }) => title)).toEqual([expect.stringMatching(/no temporal reward/i)]);
  });

  test("arms are told apart: what each did, and what they differ in", () => {
    const table = tableWith(0, 1, at(0.01, -0.02, 0.04));
    const all = found({ names: ["grpo", "tgrpo"], table, effects: [null, used(true)] });
    expect(all.map(({ title }) => title)).toEqual([
      expect.stringMatching(/against grpo/i),
      expect.stringMatching(/frame order/),
      expect.stringMatching(/temporal bonus .*tgrpo/),
    ]);
    const text = textOf(all, /against/i);
    expect(numbersIn(text)).toEqual(["+1.0", "−2.0", "+4.0"]);
    expect(text).toContain("no difference shown");
  });
});
