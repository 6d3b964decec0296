import { expect, test } from "vitest";
import { graded } from "../test/graded.ts";
import { compareRuns, formatComparison } from "./compare.ts";

const before = [0, 0, 1, 0.5].map((score, id) => graded(id, score, id < 3 ? "numerical" : "OCR", `t${id % 2}`));
const after = [1, 1, 0, 0.75].map((score, id) => graded(id, score, id < 3 ? "numerical" : "OCR", `t${id % 2}`));

test("the paired difference and its standard error", () => {
  const { overall, types, tasks, unpaired } = compareRuns(before, after);
  // d = 1, 1, -1, 0.25: mean 0.3125, sum of squares 2.671875
  expect(overall).toMatchObject({ n: 4, before: 0.375, after: 0.6875, difference: 0.3125, better: 3, worse: 1 });
  expect(overall.standardError).toBeCloseTo(Math.sqrt(2.671875 / 3 / 4), 12);
  expect(types.map(({ name, n, difference }) => [name, n, difference])).toEqual([
    ["numerical", 3, 1 / 3],
    ["OCR", 1, 0.25],
  ]);
  expect(types[1]).not.toHaveProperty("standardError");
  expect(tasks.map(({ name, difference }) => [name, difference])).toEqual([
    ["t0", 0],
    ["t1", 0.625],
  ]);
  expect(unpaired).toBe(0);
});

test("problems are matched by id, whatever the order, and those of one run only are counted", () => {
  const { overall, unpaired } = compareRuns([...before, graded(10, 1, "OCR")], after.toReversed().slice(1));
  expect(overall.n).toBe(3);
  expect(unpaired).toBe(2);
  expect(() => compareRuns(before, [graded(10, 1, "OCR")])).toThrow(RangeError);
});

test("as a table", () => {
  expect(formatComparison(compareRuns(before, after.slice(1)), "plain")).toMatchInlineSnapshot(`
    "problem type    n  before  after    difference  better  worse
    ------------  ---  ------  -----  ------------  ------  -----
    numerical       2    50.0   50.0  +0.0 ± 100.0       1      1
    OCR             1    50.0   75.0         +25.0       1      0
    all             3    50.0   58.3   +8.3 ± 58.3       2      1

    task    n  before  after    difference  better  worse
    ----  ---  ------  -----  ------------  ------  -----
    t1      2    25.0   87.5  +62.5 ± 37.5       2      0
    t0      1   100.0    0.0        -100.0       0      1

    In one run only, not compared: 1.
    "
  `);
});
