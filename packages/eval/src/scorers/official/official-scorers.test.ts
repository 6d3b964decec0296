import { expect, test } from "vitest";
import recorded from "../../../test/golden/official-scorers.json" with { type: "json" };
import type { BenchmarkItem } from "../../item.ts";
import type { Reading } from "../scorer.ts";
import { official } from "./official.ts";

type Cell = [score: number | null, extracted: unknown, status: string];
const items = recorded.items as unknown as { item: BenchmarkItem; official: Cell[] }[];

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

const cellOf = ({ score, extracted = null, status }: Reading): Cell => [score, extracted, status ?? "ok"];

/** Scores to 1e-9; an answer only where the real code tells one, and of a list its characters, as its order is a set's. */
function comparable([score, extracted, status]: Cell, [, wanted]: Cell): Cell {
  const text = JSON.stringify(extracted, (_, value) => (typeof value === "number" ? pythonText(value) : value));
  const answer = wanted === null ? null : [...text].toSorted().join("");
  return [score === null ? null : Math.round(score * 1e9) / 1e9, answer, status];
}

const pythonText = (value: number): number | string =>
  Number.isFinite(value) ? value : String(value).toLowerCase().replace("infinity", "inf");
