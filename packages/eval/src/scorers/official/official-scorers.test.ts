import { expect, test } from "vitest";
import { type ChangedCell, cellOf, comparable } from "../../../test/changed-cells.ts";
import recorded from "../../../test/golden/official-scorers.json" with { type: "json" };
import type { BenchmarkItem } from "../../item.ts";
import { official } from "./official.ts";

const items = recorded.items as unknown as { item: BenchmarkItem; official: ChangedCell[] }[];

test("changed outputs on changed items are recorded", () => {
  expect([recorded.outputs.length, items.length]).toEqual([60, 33]);
});

test.each(items.map(({ item, official: cells }) => [item.benchmark, item.id, item, cells] as const))(
  "%s %s is read as by the benchmark's own code",
  (benchmark, _, item, expected) => {
    const readings = recorded.outputs.map((output) => official[benchmark]!.read(item, output));
    expect(readings.map((reading, i) => comparable(cellOf(reading), expected[i]!))).toEqual(
      expected.map((cell) => comparable(cell, cell)),
    );
  },
);
