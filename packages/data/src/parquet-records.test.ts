import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";
import { parquetRowGroups, parquetShape } from "./parquet-rows.ts";
import { readExamples, readRecords } from "./read.ts";

/** Four records that pyarrow 26.0.1 wrote, in row groups of three, with columns that most of them have not. */
const file = fileURLToPath(new URL("../test/fixtures/pyarrow-records.parquet", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "parquet-records-"));
afterAll(() => rmSync(folder, { recursive: true }));

test("columns that a record has not are absent, and all are valid", async () => {
  const base = { problem: "What?", problem_type: "free-form", solution: "<answer>a cat</answer>", data_source: "ours" };
  const records: unknown[] = [];
  for await (const { record } of readRecords(file)) records.push(record);
  expect(records).toEqual([
    { ...base, problem_id: 1, data_type: "video", path: "a.mp4", fps: 1.5 },
    { ...base, problem_id: 2, data_type: "image", path: "b.png", options: [], big: "1152921504606846976" },
    {
      ...base,
      problem_id: 3,
      problem: "Is <image> in <video> or <video>?",
      images: ["b.png"],
      videos: [{ video: "a.mp4" }, { video: "c.mp4", video_end: 10, nframes: 4 }],
    },
    {
      ...base,
      problem_id: 4,
      data_type: "video",
      path: "d.mp4",
      nframes: 8,
      problem_type: "multiple choice",
      options: ["A. é", "B. no"],
      solution: "<answer>A</answer>",
      made: "1970-01-01T00:00:00.000Z",
    },
  ]);
  const examples = await readExamples(file);
  expect(examples.map(({ problemId, media }) => [problemId, media?.length])).toEqual([
    [1, 1],
    [2, undefined],
    [3, 3],
    [4, 1],
  ]);
});

test("row groups are yielded one by one, of some columns if asked", async () => {
  const { columns, rows } = await parquetShape(file);
  expect([columns.length, columns[0], rows]).toEqual([15, "problem_id", 4]);
  const groups: unknown[] = [];
  for await (const rows of parquetRowGroups(file, { columns: ["problem_id"] })) groups.push(rows);
  expect(groups).toEqual([[{ problem_id: 1 }, { problem_id: 2 }, { problem_id: 3 }], [{ problem_id: 4 }]]);
});

test.each([0.2, 0.6, 0.99])("a file cut short at %d of its length is named", async (share) => {
  const whole = readFileSync(file);
  const path = join(folder, `${share}.parquet`);
  writeFileSync(path, whole.subarray(0, Math.floor(whole.length * share)));
  await expect(readExamples(path)).rejects.toMatchObject({ code: "DATASET_BROKEN", file: path });
});

test("a row group with another column than the table is refused before it is read", async () => {
  const whole = readFileSync(file);
  whole.write("problem_iX", whole.lastIndexOf("problem_id"));
  const path = join(folder, "columns.parquet");
  writeFileSync(path, whole);
  await expect(readExamples(path)).rejects.toThrow("a row group has other columns than the table");
});
