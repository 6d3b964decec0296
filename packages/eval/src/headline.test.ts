import { describe, expect, test } from "vitest";
import { goldenBenchmark, goldenJson } from "../test/golden.ts";
import { benchmarks } from "./benchmarks.ts";
import { deltaKnowledge } from "./delta-knowledge.ts";
import { groupScores, headlineOf, headlineScore, type ScoredItem } from "./headline.ts";
import { itemsOf } from "./items-of.ts";
import { yesNoMetrics } from "./yes-no-metrics.ts";

const itemOf = (task: string, score: number): ScoredItem => ({
  item: { ...itemsOf("vsi-bench", goldenBenchmark("vsi-bench").files)[0]!, groups: { task } },
  score,
});

describe("the number that a benchmark is known by", () => {
  test("VSI-Bench: relative direction is one task, the mean of its levels' means", () => {
    const rows = [
      itemOf("object_rel_direction_easy", 1),
      itemOf("object_rel_direction_easy", 0),
      itemOf("object_rel_direction_hard", 1),
      itemOf("route_planning", 0),
      itemOf("route_planning", 0),
      itemOf("route_planning", 0),
    ];
    expect(headlineScore(benchmarks["vsi-bench"].headline, rows)).toBe((0.75 + 0) / 2);
  });

  test("MVBench and VideoMMMU: groups weigh alike; all others: items do", () => {
    const rows = [itemOf("a", 1), itemOf("b", 0), itemOf("b", 0), itemOf("b", 1)];
    const scores = Object.values(benchmarks).map(({ name, headline }) => [name, headlineScore(headline, rows)]);
    const weighed = (1 + 1 / 3) / 2;
    expect(Object.fromEntries(scores)).toMatchObject({ mvbench: weighed, "video-mmmu": weighed, "vsi-bench": weighed });
    expect(scores.filter(([, score]) => score === 0.5)).toHaveLength(8);
  });

  test("of records that name no task it is the mean of items", () => {
    const rows = [1, 1, 0].map((score) => ({
      item: { ...itemOf("a", 0).item, groups: { dataset: "scannet" } },
      score,
    }));
    const { headline } = benchmarks["vsi-bench"];
    expect(headlineScore(headline, rows)).toBe(2 / 3);
    expect(
      headlineOf(
        headline,
        rows.map(({ item }) => item),
      ).label,
    ).toBe("mean of items");
  });

  test("without an item there is none", () => {
    expect(() => headlineScore({ label: "accuracy", over: "items" }, [])).toThrow("at least one item");
  });
});

test("MathVista's items count in each of their skills, as its authors count them", () => {
  const { files } = goldenBenchmark("mathvista");
  const { aggregates } = goldenJson("aggregates.json") as {
    aggregates: Record<string, Record<string, { official: Record<string, Record<string, { total: number }>> }>>;
  };
  const { official } = aggregates.mathvista!.mixed!;
  const inRun = Object.keys(goldenBenchmark("mathvista").runs.mixed!);
  const items = itemsOf("mathvista", files).filter(({ id }) => inRun.includes(id));
  const counted = groupScores(items.map((item) => ({ item, score: 0 })));
  const keys = { skills: "skills", task: "task", category: "category", grade: "grade", questionType: "question_type" };
  for (const [dimension, key] of Object.entries(keys)) {
    const theirs = Object.entries(official[key]!).map(([group, { total }]) => [group, total]);
    const ours = counted.filter((row) => row.dimension === dimension).map(({ group, n }) => [group, n]);
    expect(ours.sort()).toEqual(theirs.sort());
  }
});

describe("POPE's numbers", () => {
  test("yes is positive, and a question without an answer is wrong", () => {
    const metrics = yesNoMetrics(["yes", "yes", "no", "no"], ["yes", null, "yes", "no"]);
    expect(metrics).toEqual({
      accuracy: 0.5,
      precision: 0.5,
      recall: 0.5,
      f1: 0.5,
      yesRatio: 0.5,
      goldYesRatio: 0.5,
      unanswered: 1,
    });
  });

  test("a share of nothing is none", () => {
    expect(yesNoMetrics(["no"], ["no"])).toMatchObject({ accuracy: 1, precision: null, recall: null, f1: null });
    expect(yesNoMetrics(["yes", "no"], ["no", "yes"])).toMatchObject({ precision: 0, recall: 0, f1: 0, yesRatio: 0.5 });
  });

  test("lists of two lengths are an error", () => {
    expect(() => yesNoMetrics(["yes"], [])).toThrow("1 golds and 0 answers");
  });
});

test.each([
  [60, 40, 33.3333],
  [40, 60, -50],
  [50, 100, null],
])("knowledge gained: %d with the lecture, %d without", (adaptation, questionOnly, expected) => {
  const gained = deltaKnowledge(adaptation, questionOnly);
  if (expected === null) expect(gained).toBeNull();
  else expect(gained).toBeCloseTo(expected, 4);
});
