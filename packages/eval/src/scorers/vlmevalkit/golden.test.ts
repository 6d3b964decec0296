import { describe, expect, test } from "vitest";
import { goldenName } from "../../../test/golden.ts";
import {
  type Cell,
  cellsOf,
  goldenAggregates,
  goldenCells,
  goldenRun,
  goldenScores,
  outputs,
} from "../../../test/golden-scores.ts";
import { goldenItems } from "../../../test/recorded-scores.ts";
import { benchmarkNames } from "../../benchmark-name.ts";
import { vlmevalkit } from "./index.ts";

const golden = goldenScores("scores-vlmevalkit.json");
const names = benchmarkNames.filter((name) => goldenName(name) in golden);

test("the benchmarks are those that it has", () => {
  expect(Object.keys(vlmevalkit).toSorted()).toEqual(names.toSorted());
});

/** A list as text has the order of a Python set, which differs from run to run: its characters are compared, sorted. */
const withoutOrder = ([id, score, extracted, status]: Cell): Cell =>
  typeof extracted === "string" && extracted.startsWith("[")
    ? [id, score, [...extracted].toSorted().join(""), status]
    : [id, score, extracted, status];

describe.each(names)("%s, scored as VLMEvalKit e8e78f0", (name) => {
  const probes = Object.entries(golden[goldenName(name)]!);
  const items = goldenItems(name);

  test.each(probes)("%s", (id, probe) => {
    const item = items.get(id)!;
    const readings = outputs.map(({ text }) => vlmevalkit[name]!.read(item, text));
    const exposed = probe.extracted ? readings : readings.map((reading) => ({ ...reading, extracted: null }));
    expect(cellsOf(exposed).map(withoutOrder)).toEqual(goldenCells(probe).map(withoutOrder));
  });

  test("aggregates", () => {
    const expected = goldenAggregates(name, "vlmevalkit");
    expect(expected.map(([run]) => run)).toEqual(["mixed", "sentence", "tagged", "empty"]);
    for (const [run, aggregate] of expected) {
      const { items, replies } = goldenRun(name, run);
      const readings = items.map((item, i) => vlmevalkit[name]!.read(item, replies[i]!));
      expect(vlmevalkit[name]!.aggregate(items, readings), run).toEqual(aggregate);
    }
  });
});
