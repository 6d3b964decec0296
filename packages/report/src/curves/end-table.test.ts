import { expect, test } from "vitest";
import type { Arm } from "../read/study.ts";
import { type Curve, lineOf } from "./curve.ts";
import { endTable } from "./end-table.ts";

/** An arm whose runs have these seeds and nothing else. */
const arm = (name: string, ...seeds: string[]): Arm => ({
  name,
  runs: seeds.map((seed) => ({ seed }) as Arm["runs"][0]),
});
const flat = (value: number) => [value, value, value, value];
const curve: Curve = {
  id: "p",
  stage: "RL",
  title: "p",
  about: "",
  unit: "share",
  steps: [1, 2, 3, 4],
  window: 3,
  lines: [lineOf(0, [flat(0.2), flat(0.4), flat(0.9)], 3), lineOf(1, [flat(0.5), flat(0.5)], 3)],
};

test("means over the runs of an arm, differences over the seeds that both arms have", () => {
  const [row] = endTable([curve], [arm("grpo", "0", "1", "2"), arm("tgrpo", "2", "0"), arm("other", "0")]);
  expect(row!.ends[0]).toMatchObject({ n: 3, mean: expect.closeTo(0.5, 12) });
  expect(row!.ends[1]).toMatchObject({ n: 2, mean: 0.5, low: 0.5, high: 0.5 });
  expect(row!.differences[0]).toMatchObject({ n: 2, mean: expect.closeTo((0.5 - 0.9 + 0.5 - 0.2) / 2, 12) });
  expect([row!.ends[2], row!.differences[1]]).toEqual([null, null]); // an arm without a line
});
