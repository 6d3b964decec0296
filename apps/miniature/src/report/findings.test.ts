import { describe, expect, test } from "vitest";
import type { BonusEffect } from "./bonus-effect.ts";
import type { Curve } from "./curves.ts";
import { findings, headline } from "./findings.ts";
import type { TaskTable } from "./task-table.ts";

const tableWith = (low: number, high: number, orderGaps: (number | null)[] = [0.1, 0.4]): TaskTable => ({
  models: ["after SFT", "after RL"],
  rows: [],
  totals: [
    {
      ...{ task: "temporal tasks", problemType: "", temporal: true, n: 40, scores: [0.4, 0.6], orderGaps },
      difference: { value: 0.2, low, high },
    },
  ],
  unpaired: 0,
});

const curve = (id: string, raw: (number | null)[]): Curve => ({
  ...{ id, title: id, about: "", stage: "RL", unit: "share", steps: raw.map((_, i) => i + 1), window: 3 },
  lines: [{ name: id, raw, smooth: raw }],
});

const effect: BonusEffect = {
  ...{ groups: 50, paid: 30, fired: 40, tied: 12, tiedAtZero: 5, reproduced: 50 },
  literal: { groups: 1, largest: 0.3 },
  asRun: { groups: 20, largest: 1.5 },
};
const textOf = (...args: Parameters<typeof findings>) =>
  findings(...args)
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
});

describe("findings", () => {
  const curves = [
    curve("temporal", [0.6, 0.6, 0.6, 0.8, 0.8, 0.8]),
    curve("gap", [0.1, 0.1, 0.1, 0.4, 0.4, 0.4]),
    curve("border", [0.6, 0.6, 0.6, 0.1, null, 0.1]),
  ];

  test("counts what the bonus changed, in the paper's form and in the run's own", () => {
    const text = textOf(tableWith(0, 1), curves, effect, false);
    expect(text).toContain("changes an advantage by more than 0.001 in 1 of 50 groups (2.0\u00a0%)");
    expect(text).toContain(
      "In the form this run used, it changes one in 20 of 50 groups (40.0\u00a0%), by at most 1.50",
    );
    expect(text).toContain("p = p̃, which is so in 12 of the 40 groups where it fired (5 with no right answer at all)");
    expect(text).toContain("p − p̃, which went from 0.10 to 0.40");
  });

  test("says so when the log does not follow from the options", () => {
    expect(textOf(tableWith(0, 1), curves, { ...effect, reproduced: 49 }, true)).toContain(
      "49 of 50 groups (98.0\u00a0%): read with care",
    );
  });

  test("order contrast is told apart from T-GRPO", () => {
    const found = findings(tableWith(0, 1), [], { ...effect, literal: null }, false);
    expect(found.map(({ title }) => title)).toContain("What the order bonus did");
    expect(found.find(({ title }) => title.includes("order bonus"))!.text).toMatch(
      /not T-GRPO.*a bonus in 30 of 50 groups.*changed an advantage by more than 0.001 in 20 of 50/,
    );
  });

  test.each([
    { raw: [0.6, 0.6, 0.6, 0.1, 0.1, 0.1], title: "RL left the shortcut:" },
    { raw: [0.1, 0.1, 0.1, 0.6, 0.6, 0.6], title: "RL took to the shortcut:" },
    { raw: [0.1, 0.1, 0.1, 0.12, 0.12, 0.12], title: "RL left the shortcut share as it was:" },
  ])("$title", ({ raw, title }) => {
    expect(textOf(tableWith(0, 1), [curve("border", raw)], effect, true)).toContain(title);
  });

  test("a run without temporal reward and shuffled questions makes no claim on frame order", () => {
    const titles = findings(tableWith(0, 1, [null, null]), [], null, false).map(({ title }) => title);
    expect(titles).toEqual(["No temporal reward"]);
  });
});
