import { describe, expect, test } from "vitest";
import type { Bench } from "../read/read-run.ts";
import type { Prediction } from "../read/run-schema.ts";
import { type TaskRow, taskTable } from "./task-table.ts";
import { terminalTable } from "./terminal-table.ts";

type Row = [id: number, task: string, score: number, shuffledScore?: number];

const bench = (name: string, rows: Row[]): Bench => ({
  summary: { name, grading: "training", nframes: 8 },
  predictions: rows.map(
    ([problemId, task, score, shuffledScore]): Prediction => ({
      problemId,
      dataSource: `fixture/${task}`,
      problemType: "numerical",
      status: "answered",
      score,
      shuffledScore,
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
const table = taskTable([before, after], ["SFT", "grpo"], new Set(["order"]));

const values = (estimates: readonly { mean: number }[]) => estimates.map(({ mean }) => mean);
const numbers = ({ task, n, scores }: TaskRow) => ({ task, n, scores: values(scores) });

describe("taskTable", () => {
  test("pairs by question, whatever the order of the files", () => {
    expect(table.rows.map(numbers)).toEqual([
      { task: "order", n: 3, scores: [0.5, 1] },
      { task: "read", n: 1, scores: [1, 0] },
    ]);
    expect(table.rows[0]!.changes.map(({ mean }) => mean)).toEqual([0.5]);
    expect(table.rows[0]!.differences).toEqual([]);
    expect(table.unpaired).toBe(1);
  });

  test("the order gap is over questions asked both ways", () => {
    expect(table.rows.map(({ orderGaps }) => orderGaps.map((gap) => gap?.mean ?? null))).toEqual([
      [0, 0.5],
      [null, null],
    ]);
  });

  test("a further arm is compared with the model after SFT and with the first arm", () => {
    const worse = bench("other", [
      [2, "order", 0.5],
      [3, "order", 0.5],
      [4, "order", 0.5],
    ]);
    const [order] = taskTable([before, after, worse], ["SFT", "grpo", "tgrpo"], new Set()).rows;
    expect(values(order!.changes)).toEqual([0.5, 0]);
    expect(values(order!.differences)).toEqual([-0.5]);
    const { low, mean, high } = order!.scores[2]!;
    expect(low).toBeLessThan(mean);
    expect(high).toBeGreaterThan(mean);
  });

  test("totals count every question once", () => {
    expect(table.totals.map(numbers)).toEqual([
      { task: "temporal tasks", n: 3, scores: [0.5, 1] },
      { task: "other tasks", n: 1, scores: [1, 0] },
      { task: "all tasks", n: 4, scores: [0.625, 0.75] },
    ]);
  });

  test("tasks of which nobody says what they depend on are not told apart", () => {
    const { rows, totals } = taskTable([before, after], ["SFT", "grpo"], null);
    expect([...rows, ...totals].map(({ temporal }) => temporal)).toEqual([null, null, null]);
    expect(totals.map(({ task }) => task)).toEqual(["all tasks"]);
  });

  test("evaluations without a common question are refused", () => {
    expect(() => taskTable([before, bench("rl", [[99, "read", 1]])], ["SFT", "RL"], new Set())).toThrow(
      expect.objectContaining({ name: "RunFileError", code: "RUN_FILES_DISAGREE" }),
    );
  });
});

test("the terminal table is aligned plain text", () => {
  const lines = terminalTable(table).split("\n");
  expect(lines[0]).toMatch(/^task +type +n +SFT +grpo +grpo − SFT$/);
  expect(lines[2]).toMatch(/^order +numerical, temporal +3 +50\.0 +100\.0 +\+50\.0 \[/);
  expect(lines.join("\n")).toContain(
    "Order gap on the temporal tasks, frames in order minus shuffled: SFT 0.0, grpo +50.0.",
  );
  const widths = lines.slice(0, 2).map((line) => line.length);
  expect(widths[0]).toBe(widths[1]);
  expect(lines.join("")).not.toContain("\u001b");
});
