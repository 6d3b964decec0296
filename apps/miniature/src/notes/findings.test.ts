import type { Arm, Curve, Rollouts } from "@videor1/report";
import { expect, test } from "vitest";
import { borderCurve, findings } from "./findings.ts";

/** Arms whose rollouts have only texts and contrasts. */
const arm = (name: string, ...ordered: { text: string; contrast: number | null }[]): Arm =>
  ({
    name,
    runs: [{ rollouts: [{ dataSource: "miniature/order", ordered } as unknown as Rollouts] }],
  }) as unknown as Arm;

/** The curve of the border with the ends of each arm's line. */
const curves = (...ends: [first: number, last: number][]): Curve[] => [
  {
    id: borderCurve,
    stage: "RL",
    title: "",
    about: "",
    unit: "share",
    steps: [1, 2, 3, 4, 5, 6],
    window: 3,
    lines: ends.map(([first, last], arm) => ({ arm, raw: [], smooth: [], band: null, first, last, lasts: [last] })),
  },
];

test.each([
  { ends: [0.6, 0.1] as const, title: /^RL left the shortcut$/ },
  { ends: [0.1, 0.6] as const, title: /took to/ },
  { ends: [0.1, 0.12] as const, title: /as it was/ },
])("one arm from $ends: $title", ({ ends: [first, last], title }) => {
  const [finding, ...others] = findings({ arms: [arm("tgrpo")], table: null, curves: curves([first, last]) });
  expect(others).toEqual([]);
  expect(finding!.title).toMatch(title);
  for (const share of [first, last]) expect(finding!.text).toContain(`${(100 * share).toFixed(1)}\u00a0%`);
});

test("arms that part ways are told apart", () => {
  const arms = [arm("grpo"), arm("tgrpo")];
  const [finding] = findings({ arms, table: null, curves: curves([0.6, 0.1], [0.6, 0.6]) });
  expect(finding!.title).toMatch(/not every arm/i);
  expect(finding!.text).toMatch(/60\.0 and 10\.0.*grpo.*60\.0 and 60\.0.*tgrpo/);
});

test("order contrast is given by what the thought leans on", () => {
  const contrast = arm("contrast", { text: "the border is red", contrast: 0.12 }, { text: "i see red", contrast: 6.5 });
  const [finding, ...others] = findings({ arms: [contrast], table: null, curves: [] });
  expect(others).toEqual([]);
  expect(finding!.text).toMatch(/\+0\.12 .*\+6\.50/);
});

test("runs on other tasks have no finding", () => {
  expect(findings({ arms: [arm("grpo")], table: null, curves: [] })).toEqual([]);
});
