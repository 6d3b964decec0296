import { expect, test } from "vitest";
import { type ChangedCell, cellOf, comparable } from "../../test/changed-cells.ts";
import recorded from "../../test/golden/foreign-scorers.json" with { type: "json" };
import type { BenchmarkItem } from "../item.ts";
import { lmmsEval } from "./lmms-eval/index.ts";
import { vlmevalkit } from "./vlmevalkit/index.ts";

interface Recorded {
  item: BenchmarkItem;
  "lmms-eval": ChangedCell[];
  vlmevalkit?: ChangedCell[];
}

const items = recorded.items as unknown as Recorded[];
const scorers = { "lmms-eval": lmmsEval, vlmevalkit };
const cases = items.flatMap(({ item, ...cells }) =>
  (["lmms-eval", "vlmevalkit"] as const).flatMap((name) =>
    cells[name] ? [[name, item.benchmark, item, cells[name]] as const] : [],
  ),
);

test("changed outputs on changed items are recorded", () => {
  expect([recorded.outputs.length, cases.length]).toEqual([60, 77]);
});

test.each(cases)("%s reads changed outputs of %s as the real code", (name, benchmark, item, expected) => {
  const readings = recorded.outputs.map((output) => scorers[name][benchmark]!.read(item, output));
  expect(readings.map((reading, i) => comparable(cellOf(reading), expected[i]!))).toEqual(
    expected.map((cell) => comparable(cell, cell)),
  );
});
