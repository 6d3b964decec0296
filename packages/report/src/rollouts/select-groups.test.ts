import { describe, expect, test } from "vitest";
import type { Rollouts } from "../read/run-schema.ts";
import { outcomeOf, periods, selectGroups } from "./select-groups.ts";

interface Sketch {
  problemId?: number | string;
  step: number;
  task: string;
  right: number;
  p?: number;
  pShuffled?: number;
  dataType?: "image" | "video";
}

function group({
  step,
  problemId = step,
  task,
  right,
  p = 0.5,
  pShuffled = 0.5,
  dataType = "video",
}: Sketch): Rollouts {
  const answer = { text: "", tokens: 1, format: 1, temporalBonus: 0, lengthBonus: 0, reward: 0, advantage: 0 };
  return {
    step,
    problemId,
    dataSource: `data/${task}`,
    problemType: "numerical",
    dataType,
    p,
    pShuffled,
    problem: "",
    options: [],
    solution: "",
    path: "",
    frameIndices: [],
    permutation: null,
    temporalReward: null,
    ordered: [0, 1, 2, 3].map((i) => ({ ...answer, accuracy: Number(i < right) })),
    shuffled: [],
  };
}

const scoring = { correctThreshold: 0.5, correctStrict: false };
const sampled = (rollouts: Rollouts[]) => ({ rollouts, scoring });

test("periods cover the steps without gap or overlap", () => {
  expect(periods([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 4)).toEqual([
    { from: 1, to: 2 },
    { from: 3, to: 5 },
    { from: 6, to: 7 },
    { from: 8, to: 10 },
  ]);
  expect(periods([5, 6], 4)).toHaveLength(2);
});

test.each([
  { right: 0, outcome: "all wrong" },
  { right: 2, outcome: "mixed" },
  { right: 4, outcome: "all right" },
] as const)("$right of 4 right is $outcome", ({ right, outcome }) => {
  expect(outcomeOf(group({ step: 1, task: "a", right }), scoring)).toBe(outcome);
});

test("an answer is right by the scoring of its run", () => {
  const half = group({ step: 1, task: "a", right: 0 });
  for (const answer of half.ordered) answer.accuracy = 0.4;
  expect(outcomeOf(half, scoring)).toBe("all wrong");
  expect(outcomeOf(half, { correctThreshold: 0.1, correctStrict: true })).toBe("all right");
  expect(outcomeOf(half, { correctThreshold: 0.4, correctStrict: true })).toBe("all wrong");
});

describe("selectGroups", () => {
  const tasks = ["a", "b", "c", "d"];
  const all = Array.from({ length: 400 }, (_, i) =>
    group({ step: 1 + Math.floor(i / 10), problemId: i, task: tasks[i % 4]!, right: i % 5, p: (i % 3) / 2 }),
  );
  const times = periods(
    all.map(({ step }) => step),
    4,
  );
  const picked = selectGroups([sampled(all)], times, 16).map(({ group }) => group);

  test("takes as many of every task in every period as the budget allows, by step", () => {
    expect(picked).toHaveLength(16);
    for (const { from, to } of times) {
      const ofPeriod = picked.filter(({ step }) => step >= from && step <= to);
      expect(ofPeriod.map(({ dataSource }) => dataSource).sort()).toEqual(tasks.map((task) => `data/${task}`));
    }
    expect(picked.map(({ step }) => step)).toEqual(picked.map(({ step }) => step).sort((a, b) => a - b));
    expect(selectGroups([sampled(all)], times, 53)).toHaveLength(48);
    expect(selectGroups([sampled(all)], times, 1)).toHaveLength(16);
  });

  test("shows every outcome, mixed ones most", () => {
    const outcomes = picked.map((of) => outcomeOf(of, scoring));
    expect(new Set(outcomes)).toEqual(new Set(["mixed", "all right", "all wrong"]));
    expect(outcomes.filter((outcome) => outcome === "mixed").length).toBe(8);
  });

  test("shows a question of one arm for all arms that were asked it, one after the other", () => {
    const other = all.filter(({ dataSource }) => !dataSource.endsWith("/b")).map((group) => ({ ...group, p: 0.9 }));
    const both = selectGroups([sampled(all), sampled(other)], times, 32);
    const ofArm = (arm: number) =>
      both.filter((found) => found.arm === arm).map(({ group }) => `${group.step}:${group.problemId}`);
    const inBoth = both.filter(({ group }) => !group.dataSource.endsWith("/b"));
    expect(ofArm(0)).toEqual(expect.arrayContaining(ofArm(1)));
    expect(ofArm(1)).toHaveLength(inBoth.length / 2);
    expect(inBoth.map(({ arm }) => arm)).toEqual(inBoth.map((_, i) => i % 2));
  });

  test("questions of a step are in the natural order of their ids", () => {
    const ids = ["v10", "v9", 12, "v1", 2];
    const groups = ids.map((problemId, i) => group({ step: 1, problemId, task: tasks[i % 4]!, right: 2 }));
    const found = selectGroups([sampled(groups)], [{ from: 1, to: 1 }], 8);
    expect(found.map(({ group }) => group.problemId)).toEqual([2, 12, "v1", "v9", "v10"]);
  });

  test("adds an image and a group with p > p̃ that the turns passed over", () => {
    const plain = Array.from({ length: 20 }, (_, i) => group({ step: i + 1, task: "a", right: 2, p: 0.2 }));
    const image = group({ step: 30, task: "a", right: 4, p: 0.2, dataType: "image" });
    const helped = group({ step: 31, task: "a", right: 0, p: 0.9 });
    const found = selectGroups([sampled([...plain, image, helped])], [{ from: 1, to: 20 }], 1).map(
      ({ group }) => group,
    );
    expect(found).toContain(image);
    expect(found).toContain(helped);
    expect(found).toHaveLength(3);
  });
});
