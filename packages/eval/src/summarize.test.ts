import { expect, test } from "vitest";
import { failure, graded } from "../test/graded.ts";
import { summarize } from "./summarize.ts";

const rows = [
  graded(1, 1, "multiple choice", "order"),
  graded(2, 0, "multiple choice", "order"),
  graded(3, 1, "numerical", "count"),
  failure(4, "multiple choice", "order"),
  graded(5, 0.5, "regression", "distance"),
  graded(6, 0.8, "regression", "distance"),
];

test("means over all, by type and by task; a failure is a wrong answer", () => {
  const { overall, types, tasks, taskMean } = summarize(rows);
  expect(overall).toMatchObject({ n: 6, failed: 1, accuracy: { n: 4, mean: 0.5 }, regression: { n: 2, mean: 0.65 } });
  expect(types.map(({ name, n, failed }) => [name, n, failed])).toEqual([
    ["multiple choice", 3, 1],
    ["numerical", 1, 0],
    ["regression", 2, 0],
  ]);
  expect(types[0]!.accuracy!.mean).toBeCloseTo(1 / 3, 12);
  expect(types[0]).not.toHaveProperty("regression");
  expect(types[2]).not.toHaveProperty("accuracy");
  expect(tasks.map(({ name }) => name)).toEqual(["order", "count", "distance"]);
  expect(taskMean).toBeCloseTo((1 / 3 + 1 + 0.65) / 3, 12);
});

test("the mean over tasks takes VSI-Bench's three difficulties of relative direction as one task", () => {
  const difficulties = ["easy", "medium", "hard"].map((difficulty, i) =>
    graded(i, 0, "multiple choice", `object_rel_direction_${difficulty}`),
  );
  const others = ["object_rel_distance", "route_planning", "obj_appearance_order"].map((task, i) =>
    graded(10 + i, 1, "multiple choice", task),
  );
  const measures = ["object_counting", "object_abs_distance", "object_size_estimation", "room_size_estimation"];
  const regression = measures.map((task, i) => graded(20 + i, 1, "regression", task));
  expect(summarize([...difficulties, ...others, ...regression]).taskMean).toBeCloseTo(7 / 8, 12);
  expect(summarize([...difficulties, ...others, ...regression]).tasks).toHaveLength(10);
});

test("the score is mean accuracy, or for VSI-Bench the mean of accuracy and MRA", () => {
  expect(summarize(rows).score).toBe(0.5);
  expect(summarize(rows, { metric: "accuracy and mra" }).score).toBeCloseTo((0.5 + 0.65) / 2, 12);
  expect(summarize(rows.slice(4), { metric: "accuracy and mra" }).score).toBeCloseTo(0.65 / 2, 12);
});

test("nothing has no summary", () => expect(() => summarize([])).toThrow(RangeError));
