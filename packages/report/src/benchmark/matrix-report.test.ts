import type { ScoreMatrix } from "@videor1/eval";
import { expect, test } from "vitest";
import { matrixReport } from "./matrix-report.ts";

const column = { aggregate: {}, dropped: [], random: [] };
const matrix: ScoreMatrix = {
  n: 4,
  label: "mean of 2 tasks",
  scorers: [
    { ...column, name: "safe", headline: 0.8, mean: 0.75, meanOfAll: 0.75, statuses: { scored: 3, unparsed: 1 } },
    {
      ...column,
      name: "official",
      headline: 0.7,
      mean: 2 / 3,
      meanOfAll: 0.5,
      statuses: { scored: 2, dropped: 1, "error:KeyError": 1 },
    },
    { ...column, name: "lmms-eval", headline: null, mean: null, meanOfAll: 0, statuses: { random: 4 } },
  ],
  spread: { lowest: "official", highest: "safe", difference: 0.1 },
  disagreements: [
    {
      id: "a/1",
      gold: "C",
      output: `(C)\n${"long ".repeat(20)}`,
      readings: { safe: { score: 1, extracted: "C" }, official: { score: 0, extracted: "(C)" } },
    },
    {
      id: "a/2",
      gold: "3",
      output: null,
      readings: { safe: { score: 0.4, extracted: 4 }, official: { score: null, extracted: "", status: "dropped" } },
    },
  ],
};

test("scores, what lies between them, and what each scorer read where they disagree", () => {
  expect(matrixReport(matrix, { title: "VSI-Bench" })).toBe(
    [
      "VSI-Bench",
      "",
      "scorer     score  items  of all  scored  unparsed  dropped  error  random",
      "---------  -----  -----  ------  ------  --------  -------  -----  ------",
      "safe        80.0   75.0    75.0       3         1        0      0       0",
      "official    70.0   66.7    50.0       2         0        1      1       0",
      "lmms-eval      –      –     0.0       0         0        0      0       4",
      "score: mean of 2 tasks, of the items that a scorer gives one; items: their mean; of all: over all 4, an item without one counting 0.",
      "10.0 points lie between official and safe; the scorers disagree on 2 of 4 items (50.0 %).",
      "",
      "item  gold  output                                            safe    official  lmms-eval",
      "----  ----  ------------------------------------------------  ------  --------  ---------",
      String.raw`a/1   C     "(C)\nlong long long long long long long long l…  C ✓     (C) ✗     –`,
      "a/2   3     –                                                 4 0.40   dropped  –",
    ].join("\n"),
  );
});

test("no more disagreements than asked for, and Markdown", () => {
  const text = matrixReport(matrix, { title: "VSI-Bench", format: "markdown", most: 1 });
  expect(text).toContain("## VSI-Bench\n\n| scorer");
  expect(text).toContain("- And 1 more.");
  expect(text).not.toContain("a/2");
  expect(matrixReport(matrix, { title: "x", most: 0 })).not.toContain("gold");
  expect(matrixReport({ ...matrix, disagreements: [] }, { title: "x" })).not.toContain("gold");
});
