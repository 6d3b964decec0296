import { describe, expect, test } from "vitest";
import { everyBenchmark, goldenBenchmark } from "../test/golden.ts";
import { goldenItems } from "../test/recorded-scores.ts";
import type { BenchmarkName } from "./benchmark-name.ts";
import { scoreMatrix } from "./score-matrix.ts";
import { scorerVariants } from "./scorers/scorer-variants.ts";

const { safe, official, "video-r1": videoR1, "lmms-eval": lmmsEval, vlmevalkit } = scorerVariants;
const scorers = { safe, official, "video-r1": videoR1, "lmms-eval": lmmsEval, vlmevalkit };

function matrixOf(name: BenchmarkName, run: string, chosen: typeof scorers | Record<string, typeof safe> = scorers) {
  const replies = goldenBenchmark(name).runs[run]!;
  const items = goldenItems(name);
  return scoreMatrix(
    Object.keys(replies).map((id) => items.get(id)!),
    new Map(Object.entries(replies)),
    chosen,
  );
}

test("Video-MME: means, the spread, items left out, and every item on which scorers disagree", () => {
  const { n, scorers: columns, spread, disagreements } = matrixOf("video-mme", "mixed");
  expect(n).toBe(36);
  const of = (name: string) => columns.find((column) => column.name === name)!;
  expect(columns.map(({ name }) => name)).toEqual(["safe", "official", "video-r1", "lmms-eval", "vlmevalkit"]);
  expect(of("video-r1")).toMatchObject({ mean: 5 / 36, meanOfAll: 5 / 36, statuses: { scored: 36 }, dropped: [] });
  expect(of("official").dropped).toHaveLength(6);
  expect(of("official")).toMatchObject({ mean: 22 / 30, meanOfAll: 22 / 36, statuses: { scored: 30, dropped: 6 } });
  expect(of("official").aggregate).toMatchObject({ all: { "Overall Performance": { Overall: "73.3%" } } });
  expect(spread).toMatchObject({ lowest: "video-r1", highest: "official" });
  expect(spread!.difference).toBeCloseTo(22 / 30 - 5 / 36, 12);
  const plain = disagreements.find(({ output }) => output === "(C)")!;
  expect(plain.readings.safe).toMatchObject({ score: 1, extracted: "C" });
  expect(plain.readings["video-r1"]).toMatchObject({ score: 0, extracted: null });
  expect(
    disagreements.filter(({ readings }) => new Set(Object.values(readings).map(({ score }) => score)).size < 2),
  ).toEqual([]);
});

test("VSI-Bench: the headline is the benchmark's own mean of tasks, as the official code has it of its scores", () => {
  const { label, scorers: columns } = matrixOf("vsi-bench", "mixed");
  expect(label).toContain("tasks");
  const own = columns.find(({ name }) => name === "official")!;
  const { overall } = own.aggregate as { overall: number };
  expect(100 * own.headline!).toBeCloseTo(overall, 9);
  expect(own.headline).not.toBeCloseTo(own.mean!, 3);
});

test("without tasks, as in Video-R1's own records, the headline is the mean over items", () => {
  const items = [...goldenItems("vsi-bench").values()].map((item) => ({ ...item, groups: {} }));
  const outputs = new Map(items.map(({ id, gold }, i) => [id, i % 2 === 0 ? gold : ""]));
  const { label, scorers: columns } = scoreMatrix(items, outputs, { safe });
  expect(label).toBe("mean over items");
  expect(columns[0]!.headline).toBe(columns[0]!.mean);
});

test("scores drawn by chance are counted apart and in no mean", () => {
  const { scorers: columns } = matrixOf("longvideobench", "empty", { "lmms-eval": lmmsEval as typeof safe });
  expect(columns[0]).toMatchObject({ mean: null, meanOfAll: 0, statuses: { random: 34 } });
  expect(columns[0]!.random).toHaveLength(34);
});

describe.each(everyBenchmark)("%s", (name, { runs }) => {
  test("each scorer that knows it has a column; a silent model has 0 by ours", () => {
    for (const run of Object.keys(runs)) {
      const { scorers: columns, n } = matrixOf(name, run);
      expect(columns.map((column) => column.name)).toEqual(
        Object.entries(scorers).flatMap(([own, rules]) => (name in rules ? [own] : [])),
      );
      for (const { statuses } of columns)
        expect(Object.values(statuses).reduce((sum, count) => sum + count, 0)).toBe(n);
      if (run === "empty") expect(columns[0]).toMatchObject({ mean: 0, meanOfAll: 0 });
    }
  });
});

test("an item without an output counts 0; nothing has no matrix", () => {
  const items = [...goldenItems("pope").values()].slice(0, 2);
  const { scorers: columns } = scoreMatrix(items, new Map([[items[0]!.id, items[0]!.gold]]), { safe });
  expect(columns[0]).toMatchObject({ mean: 0.5, statuses: { scored: 1, unparsed: 1 } });
  expect(() => scoreMatrix([], new Map(), { safe })).toThrow("at least one item");
  expect(() => scoreMatrix(items, new Map(), { "video-r1": videoR1 })).toThrow("no scorer knows pope");
});
