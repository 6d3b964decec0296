import { describe, expect, test } from "vitest";
import { goldenName } from "../../../test/golden.ts";
import {
  cellAt,
  cellsOf,
  goldenAggregates,
  goldenCells,
  goldenRun,
  goldenScores,
  outputs,
  strippedCells,
} from "../../../test/golden-scores.ts";
import { goldenItems } from "../../../test/recorded-scores.ts";
import { publicBenchmarkNames } from "../../benchmark-name.ts";
import type { Aggregate } from "../scorer.ts";
import { lmmsEval, lmmsEvalStripped } from "./index.ts";
import { stripReasoning } from "./strip-reasoning.ts";

const golden = goldenScores("scores-lmms-eval.json");

test("the reasoning is cut as the evaluator does", () => {
  const cut = outputs.map(({ id, text }) => [id, stripReasoning(text)]);
  expect(cut).toEqual(outputs.map(({ id, text, lmmsStripped }) => [id, lmmsStripped ?? text]));
});

/** The table leaves out lines of Video-MME's log that end in 0.0%, but for those of durations and of the whole. */
function withoutRoundLines(aggregate: Aggregate): unknown {
  if (!("log" in aggregate) || !Array.isArray(aggregate.log)) return aggregate;
  const isKept = (line: string) => !line.endsWith("0.0%") || /Type|Overall/.test(line);
  return { ...aggregate, log: aggregate.log.map(String).filter(isKept) };
}

describe.each(publicBenchmarkNames)("%s, scored as lmms-eval 0.7.3", (name) => {
  const probes = Object.entries(golden[goldenName(name)]!);
  const items = goldenItems(name);

  test.each(probes)("%s", (id, probe) => {
    const item = items.get(id)!;
    expect(cellsOf(outputs.map(({ text }) => lmmsEval[name]!.read(item, text)))).toEqual(goldenCells(probe));

    const expected = strippedCells(probe);
    expect(expected.length).toBeGreaterThan(0);
    const stripped = expected.map(([i]) => cellAt(i, lmmsEvalStripped[name]!.read(item, outputs[i]!.text)));
    expect(stripped).toEqual(expected.map(([, cell]) => cell));
  });

  test.each([
    ["lmms-eval", lmmsEval],
    ["lmms-eval, stripped", lmmsEvalStripped],
  ] as const)("aggregates of %s", (label, scorer) => {
    const expected = goldenAggregates(name, label);
    expect(expected.map(([run]) => run)).toEqual(["mixed", "sentence", "tagged", "empty"]);
    for (const [run, aggregate] of expected) {
      const { items, replies } = goldenRun(name, run);
      const readings = items.map((item, i) => scorer[name]!.read(item, replies[i]!));
      expect(withoutRoundLines(scorer[name]!.aggregate(items, readings)), run).toEqual(aggregate);
    }
  });
});
