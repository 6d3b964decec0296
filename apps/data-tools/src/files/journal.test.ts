import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { JournalError, openJournal } from "./journal.ts";

const folder = mkdtempSync(join(tmpdir(), "journal-"));
afterAll(() => rmSync(folder, { recursive: true }));
const settings = { rules: "safe", nframes: 16, missing: undefined };

test("what is added is there when the file is opened again", () => {
  const path = join(folder, "a", "journal.jsonl");
  const first = openJournal<{ text: string }>(path, { settings });
  for (let i = 0; i < 1000; i += 1) first.add(`id ${i}`, { text: `ä\u2028${i}`.repeat(i % 700) });
  first.add("id 3", { text: "replaced" });
  first.close();
  const again = openJournal<{ text: string }>(path, { settings });
  expect(again.size).toBe(1000);
  expect([again.read("id 3"), again.read("id 602"), again.read("other")]).toEqual([
    { text: "replaced" },
    { text: "ä\u2028602".repeat(602) },
    undefined,
  ]);
  again.close();
});

test("a file cut at any byte loses no whole line, and goes on", () => {
  const path = join(folder, "cut.jsonl");
  const write = () => {
    const journal = openJournal<{ n: number }>(path, { settings });
    for (const n of [1, 2, 3]) if (!journal.has(`${n}`)) journal.add(`${n}`, { n });
    journal.close();
  };
  write();
  const whole = readFileSync(path);
  for (let bytes = 0; bytes <= whole.length; bytes += 1) {
    writeFileSync(path, whole);
    truncateSync(path, bytes);
    write();
    expect(readFileSync(path)).toEqual(whole);
  }
});

test("other settings are refused, and named", () => {
  const path = join(folder, "other.jsonl");
  openJournal(path, { settings: { nframes: 4 } }).close(); // nothing is finished under these
  const journal = openJournal(path, { settings });
  journal.add("a", {});
  journal.close();
  expect(() => openJournal(path, { settings: { rules: "safe", nframes: 8 } })).toThrow(
    `${path}: was begun with other settings: nframes 16, now 8`,
  );
});

test("a file that is no journal is left alone", () => {
  const path = join(folder, "records.jsonl");
  writeFileSync(path, '{"problem_id":1}\n');
  expect(() => openJournal(path, { settings })).toThrow(JournalError);
  expect(readFileSync(path, "utf8")).toBe('{"problem_id":1}\n');
});

test("two processes cannot write one journal", () => {
  const path = join(folder, "shared.jsonl");
  const first = openJournal(path, { settings });
  expect(() => openJournal(path, { settings })).toThrow(`process ${process.pid}`);
  first.close();
  openJournal(path, { settings }).close();
  expect(readdirSync(folder).filter((name) => name.includes("lock"))).toEqual([]);
});

test("a line that is not JSON is named", () => {
  const path = join(folder, "broken.jsonl");
  openJournal(path, { settings }).close();
  appendFileSync(path, "{]\n");
  expect(() => openJournal(path, { settings })).toThrow(JournalError);
  expect(() => openJournal(path, { settings })).toThrow("line 2 is not JSON");
});

test.each(["null", "5", '"text"', "[]", '{"line":{}}', '{"key":"a"}'])("a line %s is named", (line) => {
  const path = join(folder, "odd.jsonl");
  rmSync(path, { force: true });
  openJournal(path, { settings }).close();
  appendFileSync(path, `${line}\n`);
  expect(() => openJournal(path, { settings })).toThrow(JournalError);
  expect(() => openJournal(path, { settings })).toThrow("line 2 is not one of a journal");
});

test.each([
  "thesis",
  "thesis\n",
  "null\n",
  "[1]\n",
  '{"settings":{"other":1}}',
  '{"settings":{"other":1},"more":2}\n',
  '{"settings":null}\n',
])("a file %j is no journal, and is left alone", (text) => {
  const path = join(folder, "foreign.jsonl");
  writeFileSync(path, text);
  expect(() => openJournal(path, { settings })).toThrow(JournalError);
  expect(() => openJournal(path, { settings })).toThrow("is no journal");
  expect(readFileSync(path, "utf8")).toBe(text);
});

test("a journal that cannot be opened leaves no lock", () => {
  expect(() => openJournal(folder, { settings })).toThrow("EISDIR");
  expect(existsSync(`${folder}.lock`)).toBe(false);
});
