import { describe, expect, test } from "vitest";
import type { Bench } from "./read-run.ts";
import type { Prediction } from "./run-schema.ts";
import { taskTable } from "./task-table.ts";
import { terminalTable } from "./terminal-table.ts";

type Row = [id: number, task: string, score: number, shuffledScore?: number];

const bench = (name: string, rows: Row[]): Bench => ({
  summary: { name, grading: "training", nframes: 8 },
  predictions: rows.map(
    ([problemId, task, score, shuffledScore]): Prediction => ({
      ...{
        problemId,
        dataSource: `miniature/${task}`,
        problemType: "numerical",
        status: "answered",
        score,
        shuffledScore,
      },
    }),
  ),
});

const before = bench("sft", [
  [1, "read", 1],
  [2, "order", 0, 0],
  [3, "order", 1, 1],
  [4, "order", 0.5, 0.5],
]);
const after = bench("rl", [
  [4, "order", 1, 0],
  [3, "order", 1, 1],
  [2, "order", 1, 0.5],
  [1, "read", 0],
  [9, "read", 1],
]);
const table = taskTable([before, after], ["SFT", "RL"], new Set(["order"]));

describe("taskTable", () => {
  test("pairs by question, whatever the order of the files", () => {
    expect(table.rows.map(({ task, n, scores }) => ({ task, n, scores }))).toEqual([
      { task: "order", n: 3, scores: [0.5, 1] },
      { task: "read", n: 1, scores: [1, 0] },
    ]);
    expect(table.rows[0]!.difference.value).toBe(0.5);
    expect(table.unpaired).toBe(1);
  });

  test("the order gap is over questions asked both ways", () => {
    expect(table.rows.map(({ orderGaps }) => orderGaps)).toEqual([
      [0, 0.5],
      [null, null],
    ]);
  });

  test("totals count every question once", () => {
    expect(table.totals.map(({ task, n, scores }) => ({ task, n, scores }))).toEqual([
      { task: "temporal tasks", n: 3, scores: [0.5, 1] },
      { task: "other tasks", n: 1, scores: [1, 0] },
      { task: "all tasks", n: 4, scores: [0.625, 0.75] },
    ]);
  });

  test("evaluations without a common question are refused", () => {
    expect(() => taskTable([before, bench("rl", [[99, "read", 1]])], ["SFT", "RL"], new Set())).toThrow(
      expect.objectContaining({ name: "RunFileError", code: "RUN_FILES_DISAGREE" }),
    );
  });
});

test("the terminal table is aligned plain text", () => {
  const lines = terminalTable(table).split("\n");
  expect(lines[0]).toMatch(/^task +type +n +SFT +RL +difference/);
  expect(lines[2]).toMatch(/^order +numerical, temporal +3 +50\.0 +100\.0 +\+50\.0 \[/);
  const widths = lines.slice(0, 2).map((line) => line.length);
  expect(widths[0]).toBe(widths[1]);
  expect(lines.join("")).not.toContain("\u001b");
});
