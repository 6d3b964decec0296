import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parquetRowGroups, readRecords } from "@videor1/data";
import { afterAll, expect, test } from "vitest";
import { createParquetWriter } from "./parquet-writer.ts";

const folder = mkdtempSync(join(tmpdir(), "parquet-"));
afterAll(() => rmSync(folder, { recursive: true }));

async function roundTrip(records: readonly object[]) {
  const path = join(folder, "a.parquet");
  const writer = createParquetWriter(path);
  for (const record of records) writer.write(record);
  writer.finish();
  const read: unknown[] = [];
  for await (const { record } of readRecords(path)) read.push(record);
  return { read, jsonParts: writer.jsonParts() };
}

test("lists, structs, absent and empty values are read back", async () => {
  const records = [
    { problem_id: 1, options: ["A. é\u2028", ""], video_start: 1, unknown: { a: { b: [1, 2.5] }, c: true } },
    {
      problem_id: 2 ** 53 - 1,
      options: [],
      videos: [{ video: "a.mp4", fps: 2 }, { video: "b.mp4" }],
      unknown: { a: {} },
    },
    { problem_id: -3, video_start: 2.5, lists: [[], [null, "x"], ["y"]], never: [] },
    { problem_id: 4, lists: [], videos: [] },
  ];
  expect(await roundTrip(records)).toEqual({ read: records, jsonParts: [] });
});

test("values without a common type are JSON", async () => {
  const records = [
    { path: "a.mp4", videos: ["a.mp4", { video: "b.mp4", fps: 1 }], empty: {}, any: 1 },
    { path: ["1.jpg", "2.jpg"], videos: [["1.jpg", "2.jpg"]], any: { a: [null] } },
    { path: "c.mp4", any: "text" },
    { any: [true, 1] },
  ];
  const { read, jsonParts } = await roundTrip(records);
  expect(read).toEqual(records);
  expect(jsonParts).toEqual(["path", "videos", "empty", "any"]);
});

test("ids of both kinds are texts", async () => {
  const { read } = await roundTrip([{ problem_id: 1 }, { problem_id: "a" }]);
  expect(read).toEqual([{ problem_id: "1" }, { problem_id: "a" }]);
});

test("many row groups; nothing else is left in the folder", async () => {
  const records = Array.from({ length: 12_001 }, (_, i) => ({ problem_id: i, options: i % 3 ? [`${i}`] : [] }));
  const { read } = await roundTrip(records);
  expect(read).toEqual(records);
  const sizes: number[] = [];
  for await (const rows of parquetRowGroups(join(folder, "a.parquet"))) sizes.push(rows.length);
  expect(sizes).toEqual([5000, 5000, 2001]);
  expect(readdirSync(folder)).toEqual(["a.parquet"]);
});

test.each(["constructor", "toString", "a.b", ""])("the name %j is one like others", async (name) => {
  const records = [
    { problem_id: 1, inside: { other: 1 } },
    JSON.parse(`{"inside": {${JSON.stringify(name)}: 1}, ${JSON.stringify(name)}: "x"}`) as object,
    { problem_id: 3, inside: {} },
  ];
  const { read } = await roundTrip(records);
  expect(JSON.stringify(read)).toBe(JSON.stringify(records));
});
