import { expect, test } from "vitest";
import { goldenItems } from "../test/recorded-scores.ts";
import { aggregateScores } from "./aggregate.ts";
import type { BenchmarkItem } from "./item.ts";

const [base] = goldenItems("vsi-bench").values();
const item = (id: number, groups: Record<string, string>, rest: Partial<BenchmarkItem> = {}): BenchmarkItem => ({
  ...base!,
  id: String(id),
  groups,
  ...rest,
});
const ofTasks = (...tasks: string[]) => tasks.map((task, i) => item(i, { task }));
const scored = (...scores: (number | null)[]) => scores.map((score) => ({ score }));

test("VSI-Bench weighs tasks equally, the levels of relative direction among themselves first", () => {
  const items = ofTasks(
    ...["object_counting", "object_counting", "object_counting"],
    ...[
      "object_rel_direction_easy",
      "object_rel_direction_medium",
      "object_rel_direction_medium",
      "object_rel_direction_hard",
    ],
  );
  const result = aggregateScores("vsi-bench", items, scored(1, 1, 0.7, 1, 0, 1, 0));
  expect(result).toMatchObject({ over: "task", n: 7 });
  expect(result.score).toBeCloseTo((0.9 + (1 + 0.5 + 0) / 3) / 2, 12);
  expect(result.mean).toBeCloseTo(4.7 / 7, 12);
  expect(result.groups.task!.object_counting).toEqual({ n: 3, mean: 0.9 });
});

test("VideoMMMU is the mean of its tracks, MVBench of its tasks, the others of their items", () => {
  const items = ofTasks("a", "a", "a", "b");
  expect(aggregateScores("video-mmmu", items, scored(1, 1, 1, 0)).score).toBe(0.5);
  expect(aggregateScores("mvbench", items, scored(1, 1, 1, 0)).score).toBe(0.5);
  expect(aggregateScores("tempcompass", items, scored(1, 1, 1, 0))).toMatchObject({ score: 0.75, over: "items" });
});

test("an item without a score is in the denominator and in the counts", () => {
  const readings = [
    { score: 1 },
    { score: null, status: "dropped" } as const,
    { score: 0, status: "unparsed" } as const,
  ];
  expect(aggregateScores("mvbench", ofTasks("a", "a", "a"), readings)).toMatchObject({
    score: 1 / 3,
    n: 3,
    statuses: { dropped: 1, unparsed: 1 },
  });
});

test("an item may be in several groups of one dimension", () => {
  const items = [
    item(0, { task: "a" }, { overlappingGroups: { skills: ["arithmetic", "geometry"] } }),
    item(1, { task: "a" }, { overlappingGroups: { skills: ["geometry"] } }),
  ];
  expect(aggregateScores("mathvista", items, scored(1, 0)).groups.skills).toEqual({
    arithmetic: { n: 1, mean: 1 },
    geometry: { n: 2, mean: 0.5 },
  });
});

test("POPE: ratios of all and of each category, of answers and of golds", () => {
  const items = [..."yyynnn"].map((gold, i) =>
    item(
      i,
      { task: i % 2 === 0 ? "random" : "popular" },
      { gold: gold === "y" ? "yes" : "no", options: ["yes", "no"] },
    ),
  );
  const readings = ["yes", "yes", "no", "yes", "no", null].map((extracted, i) => ({
    score: extracted === items[i]!.gold ? 1 : 0,
    extracted,
  }));
  const { yesNo } = aggregateScores("pope", items, readings);
  expect(yesNo!.all).toEqual({
    accuracy: 0.5,
    precision: 2 / 3,
    recall: 2 / 3,
    f1: 2 / 3,
    yesRatio: 0.5,
    goldYesRatio: 0.5,
    unanswered: 1,
  });
  expect(Object.keys(yesNo!)).toEqual(["all", "random", "popular"]);
  const silent = items.map(() => ({ score: 0, extracted: null }));
  expect(aggregateScores("pope", items, silent).yesNo!.all).toMatchObject({
    precision: null,
    recall: 0,
    unanswered: 6,
  });
});

test("nothing has no aggregate", () => {
  expect(() => aggregateScores("pope", [], [])).toThrow("at least one item");
  expect(() => aggregateScores("pope", ofTasks("a"), [])).toThrow("1 items need as many readings, not 0");
});
