import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DatasetError } from "./errors.ts";
import { readExamples, readRecords } from "./read.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "videor1-read-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function file(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
}

async function records(path: string): Promise<unknown[]> {
  const found: unknown[] = [];
  for await (const { record } of readRecords(path)) found.push(record);
  return found;
}

const record = (id: number, problem = "q") => ({
  problem_id: id,
  problem,
  problem_type: "free-form",
  data_type: "image",
  solution: "<answer>x</answer>",
  path: "./a.png",
});

// Raw U+2028 is legal in JSON; é, € and 😀 take 2, 3 and 4 bytes.
const odd = 'line\u2028separator é € 😀 \\ " \n\t';

describe("the same records from", () => {
  const all = Array.from({ length: 3000 }, (_, id) => record(id, `${odd} ${id} ${"x".repeat(id % 700)}`));
  test.each([
    ["a JSON array", "a.json", JSON.stringify(all)],
    ["an indented JSON array with a byte order mark", "b.json", `\uFEFF\n ${JSON.stringify(all, null, 2)}\n`],
    ["JSON Lines", "c.jsonl", all.map((r) => JSON.stringify(r)).join("\n")],
    [
      "JSON Lines with CRLF, blank lines and a byte order mark",
      "d.json",
      `\uFEFF${all.map((r) => `${JSON.stringify(r)}\r\n\r\n`).join("")}`,
    ],
    ["an object with them as results", "e.json", JSON.stringify({ results: all, final_acc: [{ mean_acc: 0.5 }] })],
    [
      "an indented one with CRLF",
      "f.json",
      `\uFEFF${JSON.stringify({ results: all }, null, 2).replaceAll("\n", "\r\n")}`,
    ],
  ])("%s", async (_, name, text) => {
    expect(await records(await file(name, text))).toEqual(all);
  });
});

test("places count records and lines", async () => {
  const path = await file("places.jsonl", `${JSON.stringify(record(5))}\n\n${JSON.stringify(record(6))}\n`);
  const places = [];
  for await (const { place } of readRecords(path)) places.push(place);
  expect(places).toEqual([
    { file: path, index: 0, line: 1 },
    { file: path, index: 1, line: 3 },
  ]);
});

describe("a broken file names the line", () => {
  const good = JSON.stringify(record(1));
  test.each([
    ["JSON Lines", "x.jsonl", `${good}\n${good}\n{"a":\n`, 3, 2],
    ["a missing value", "a.json", `[${good},\n\n{"é":}]`, 3, 1],
    ["a missing comma", "b.json", `[\n${good}\n{}]`, 3, 1],
    ["a bare word", "c.json", `[${good},\nnope]`, 2, 1],
    ["a file cut in a record", "d.json", `[${good},\n{"a": 1,\n"b`, 3, 1],
    ["a file cut after a record", "e.json", `[${good},\n${good}`, 2, 2],
    ["results cut in a record", "g.json", `{"results": [${good},\n{"a": 1,\n"b`, 3, 1],
    ["text after the array", "f.json", `[${good}]\nmore`, 2, 1],
  ])("%s", async (_, name, text, line, before) => {
    const path = await file(name, text);
    const seen: unknown[] = [];
    const failure = await (async () => {
      for await (const { record } of readRecords(path)) seen.push(record);
    })().catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(DatasetError);
    expect(failure).toMatchObject({ code: "DATASET_BROKEN", line, file: path });
    expect((failure as Error).message).toContain(`line ${line}: not valid JSON`);
    expect(seen.length).toBe(before);
  });
});

test.each([
  ["an empty file", ""],
  ["white space", " \n\n"],
  ["an empty array", "[]"],
  ["no results", '{ "results": [] }'],
])("%s is an error", async (_, text) => {
  await expect(readExamples(await file("empty.json", text))).rejects.toMatchObject({ code: "DATASET_EMPTY" });
});

test("an absent file is an error with a hint", async () => {
  await expect(readExamples(join(folder, "absent.json"))).rejects.toMatchObject({ code: "DATASET_NOT_FOUND" });
});

test("an invalid record is thrown, or named and left out", async () => {
  const path = await file(
    "mixed.jsonl",
    [record(1), { ...record(2), path: 3 }, record(3)].map((r) => JSON.stringify(r)).join("\n"),
  );
  await expect(readExamples(path)).rejects.toThrow("line 2 (problem_id 2): path");
  const lines: string[] = [];
  const examples = await readExamples(path, { onInvalid: "skip", print: (line) => lines.push(line) });
  expect(examples.map(({ problemId }) => problemId)).toEqual([1, 3]);
  expect(lines).toHaveLength(2);
  expect(lines[0]).toContain("1 of 3 records");
  expect(lines[1]).toContain("line 2 (problem_id 2): path");
});

test("records of one data type alone, the others counted; a file without any is an error", async () => {
  const video = { ...record(2), data_type: "video", path: "./2.mp4" };
  const path = await file("mixed.json", JSON.stringify([record(1), video, record(3)]));
  const lines: string[] = [];
  const print = (line: string) => lines.push(line);
  const images = await readExamples(path, { dataType: "image", print });
  expect(images.map(({ problemId }) => problemId)).toEqual([1, 3]);
  expect(lines).toEqual([`${path}: 2 of 3 records are of the data type "image"; the others are left out`]);
  const only = await file("images.json", JSON.stringify([record(1)]));
  await expect(readExamples(only, { dataType: "video" })).rejects.toThrow('data type "video"');
});

test("of many invalid records twenty are named; a file of nothing else is an error", async () => {
  const path = await file("many.json", JSON.stringify([record(1), ...Array.from({ length: 30 }, () => ({}))]));
  const lines: string[] = [];
  await readExamples(path, { onInvalid: "skip", print: (line) => lines.push(line) });
  expect(lines).toHaveLength(22);
  expect(lines.at(-1)).toContain("and 10 more");
  const none = await file("none.json", "[{}, {}]");
  await expect(readExamples(none, { onInvalid: "skip" })).rejects.toThrow("none of its 2 records is valid");
});
