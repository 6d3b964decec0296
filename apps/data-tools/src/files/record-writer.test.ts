import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { readRecords } from "@videor1/data";
import { afterAll, expect, test } from "vitest";
import { createRecordWriter } from "./record-writer.ts";

const folder = mkdtempSync(join(tmpdir(), "writer-"));
afterAll(() => rmSync(folder, { recursive: true }));

test.each(["a.json", "a.jsonl", "new/folder/a.json", "a.parquet"])(
  "what is written to %s is read back",
  async (name) => {
    const path = join(folder, name);
    const records = Array.from({ length: 3000 }, (_, i) => ({ problem_id: i, problem: `é\u2028 ${"x".repeat(500)}` }));
    const writer = createRecordWriter(path);
    for (const record of records) writer.write(record);
    expect(existsSync(path)).toBe(false);
    writer.finish();
    const read: unknown[] = [];
    for await (const { record } of readRecords(path)) read.push(record);
    expect(read).toEqual(records);
    expect(writer.count).toBe(3000);
  },
);

test("a file that is discarded leaves what was there", () => {
  const path = join(folder, "old.json");
  writeFileSync(path, "[]\n");
  const writer = createRecordWriter(path);
  writer.write({ a: 1 });
  writer.discard();
  expect(readFileSync(path, "utf8")).toBe("[]\n");
  expect(readdirSync(folder).filter((name) => name.includes("partial"))).toEqual([]);
});

test("no record is an empty array, or no line", () => {
  for (const [name, text] of [
    ["none.json", "[\n]\n"],
    ["none.jsonl", ""],
  ] as const) {
    createRecordWriter(join(folder, name)).finish();
    expect(readFileSync(join(folder, name), "utf8")).toBe(text);
  }
});

test("indented, it is as JSON.stringify has it", () => {
  const path = join(folder, "indented.json");
  for (const records of [[], [{ a: [], b: { c: "x\u2028\ny" } }, { d: [1, 2] }]]) {
    const writer = createRecordWriter(path, { indent: 1 });
    for (const record of records) writer.write(record);
    writer.finish();
    expect(readFileSync(path, "utf8")).toBe(`${JSON.stringify(records, null, 1)}\n`);
  }
});

test("a sealed file has its hash, and has not appeared", () => {
  const path = join(folder, "sealed.jsonl");
  const writer = createRecordWriter(path);
  writer.write({ a: 1 });
  const hash = createHash("sha256").update('{"a":1}\n').digest("hex");
  expect([writer.seal(), existsSync(path)]).toEqual([hash, false]);
  writer.finish();
  writer.discard();
  expect(readFileSync(path, "utf8")).toBe('{"a":1}\n');
});

test("another name is refused", () => {
  expect(() => createRecordWriter(join(folder, "a.txt"))).toThrow(/ends in \.jsonl, \.ndjson, \.json, \.parquet$/);
});

test.each(["two.jsonl", "two.parquet"])("of two that write %s at once the second is refused", (name) => {
  const path = join(mkdtempSync(join(folder, "two-")), name);
  const first = createRecordWriter(path);
  first.write({ a: 1 });
  expect(() => createRecordWriter(path)).toThrow(
    expect.objectContaining({
      code: "OUTPUT_LOCKED",
      message: `${path}: process ${process.pid} on ${hostname()} is writing it`,
      hint: expect.stringContaining(`${path}.lock`),
    }),
  );
  first.finish();
  expect(readdirSync(dirname(path))).toEqual([name]);

  const second = createRecordWriter(path);
  first.discard(); // as a verb does at its end; the file beside is now that of the second
  second.write({ a: 2 });
  second.discard();
  expect(readdirSync(dirname(path))).toEqual([name]);
});

test("what a killed process left is taken over", () => {
  const path = join(mkdtempSync(join(folder, "killed-")), "out.jsonl");
  mkdirSync(`${path}.lock`);
  writeFileSync(`${path}.lock/run.lock`, JSON.stringify({ pid: 0x7fffffff, host: hostname(), born: null }));
  writeFileSync(`${path}.partial`, '{"a":0}\n'.repeat(9));
  const writer = createRecordWriter(path);
  writer.write({ a: 1 });
  writer.finish();
  expect(readFileSync(path, "utf8")).toBe('{"a":1}\n');
  expect(readdirSync(dirname(path))).toEqual(["out.jsonl"]);
});

test("a file that cannot be opened leaves no lock", () => {
  const path = join(mkdtempSync(join(folder, "unopened-")), "out.jsonl");
  mkdirSync(`${path}.partial`);
  expect(() => createRecordWriter(path)).toThrow("EISDIR");
  expect(readdirSync(dirname(path))).toEqual(["out.jsonl.partial"]);
});
