import { expect, test } from "vitest";
import recorded from "../../test/golden/foreign-scorers.json" with { type: "json" };
import type { BenchmarkItem } from "../item.ts";
import { lmmsEval } from "./lmms-eval/index.ts";
import type { Reading } from "./scorer.ts";
import { vlmevalkit } from "./vlmevalkit/index.ts";

type Cell = [score: number | null, extracted: unknown, status: string];
interface Recorded {
  item: BenchmarkItem;
  "lmms-eval": Cell[];
  vlmevalkit?: Cell[];
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

const cellOf = ({ score, extracted = null, status }: Reading): Cell => [score, extracted, status ?? "ok"];

/** Scores to 1e-9; an answer only where the real code tells one, and of a list its characters, as its order is a set's. */
function comparable([score, extracted, status]: Cell, [, wanted]: Cell): Cell {
  const text = JSON.stringify(extracted, (_, value) => (typeof value === "number" ? pythonText(value) : value));
  const answer = wanted === null ? null : [...text].toSorted().join("");
  return [score === null ? null : Math.round(score * 1e9) / 1e9, answer, status];
}

const pythonText = (value: number): number | string =>
  Number.isFinite(value) ? value : String(value).toLowerCase().replace("infinity", "inf");
