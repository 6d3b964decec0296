import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Prediction } from "./prediction.ts";
import { openPredictions } from "./predictions-file.ts";

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "predictions-"));
  path = join(folder, "mmvu.jsonl");
});
afterEach(() => rm(folder, { recursive: true }));

const answered: Prediction = {
  problemId: 1,
  problemType: "free-form",
  solution: "<answer>ÿ\u2028</answer>",
  task: "t",
  status: "answered",
  output: "a\nb",
};
const failed: Prediction = {
  problemId: "a/2",
  problemType: "OCR",
  solution: "<answer>x</answer>",
  task: "t",
  status: "failed",
  reason: "no video",
};

test("what is appended is there when the file is opened again", async () => {
  const first = await openPredictions(path);
  expect(first.stored).toEqual([]);
  await first.append(answered);
  await first.append(failed);
  await first.close();
  const second = await openPredictions(path);
  expect(second.stored).toEqual([answered, failed]);
  await second.close();
});

test("a half-written last line is cut off, and the next one starts a new line", async () => {
  const half = JSON.stringify(answered).slice(0, -20);
  await writeFile(path, `${JSON.stringify(failed)}\n${half}`);
  const file = await openPredictions(path);
  expect(file.stored).toEqual([failed]);
  await file.append(answered);
  await file.close();
  expect(await readFile(path, "utf8")).toBe(`${JSON.stringify(failed)}\n${JSON.stringify(answered)}\n`);
});

test("when the file is closed each problem has one line, the last, in the place of the first", async () => {
  const first = await openPredictions(path);
  for (const prediction of [failed, answered]) await first.append(prediction);
  await first.close();
  const second = await openPredictions(path);
  const mended: Prediction = { ...failed, status: "answered", output: "x" };
  await second.append(mended);
  expect((await readFile(path, "utf8")).trimEnd().split("\n")).toHaveLength(3);
  await second.close();
  expect(await readFile(path, "utf8")).toBe(`${JSON.stringify(mended)}\n${JSON.stringify(answered)}\n`);
});

test.each([
  { line: "{", reason: ":2: not JSON" },
  { line: "null", reason: ":2: Invalid input: expected object" },
  { line: JSON.stringify({ ...answered, output: 3 }), reason: ":2: output: Invalid input: expected string" },
  { line: JSON.stringify({ ...answered, problemType: "essay" }), reason: ":2: problemType: Invalid option" },
  { line: JSON.stringify({ ...failed, status: "answered" }), reason: ":2: output: Invalid input: expected string" },
])("a broken line names its place: $reason", async ({ line, reason }) => {
  await writeFile(path, `${JSON.stringify(failed)}\n${line}\n${JSON.stringify(answered)}\n`);
  await expect(openPredictions(path)).rejects.toMatchObject({
    name: "RunFileError",
    code: "RUN_FILE_BROKEN",
    path,
    line: 2,
    message: expect.stringContaining(reason),
    hint: expect.stringContaining("asked again"),
  });
});

test("closed with an order, the lines stand in it; those of other records follow", async () => {
  const first = await openPredictions(path);
  const other: Prediction = { ...failed, problemId: 7 };
  for (const prediction of [failed, other, answered]) await first.append(prediction);
  await first.close([{ problemId: 3 }, answered, { problemId: "a/2" }]);
  const second = await openPredictions(path);
  expect(second.stored).toEqual([answered, failed, other]);
  await second.close();
});
