import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { readBenchmark } from "../read-items.ts";

const folder = mkdtempSync(join(tmpdir(), "miniature-"));
afterAll(() => rmSync(folder, { recursive: true }));

const record = {
  problem_id: 2_000_000,
  problem: "which way does the cross move?",
  data_type: "video",
  problem_type: "multiple choice",
  options: ["A. left", "B. right"],
  solution: "<answer>B</answer>",
  path: "./media/video/eval-direction-00000.mp4",
  data_source: "miniature/direction",
};
const read = (...records: object[]) => {
  writeFileSync(join(folder, "eval_miniature.json"), JSON.stringify(records));
  return readBenchmark("miniature", folder, { tasks: ["miniature/direction"] });
};

test("its records are items of a benchmark, of any number", async () => {
  const { items, isWhole } = await read(record, { ...record, problem_id: 7, data_source: "miniature/count" });
  expect(isWhole).toBeUndefined();
  expect(items).toMatchObject([
    {
      id: "2000000",
      groups: { task: "miniature/direction" },
      options: ["left", "right"],
      answerType: "choice",
      gold: "B",
    },
  ]);
});

test("a record that breaks the rules is named, with its fields", async () => {
  await expect(read(record, { ...record, problem_id: 3, solution: "B" })).rejects.toThrow(
    /eval_miniature\.json.*solution: must contain <answer>/,
  );
});
