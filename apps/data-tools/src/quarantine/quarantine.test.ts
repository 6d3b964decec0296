import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { mediaFolder, mixedRecords } from "../../test/media-folder.ts";
import { runVerb } from "../../test/run-verb.ts";
import { command as check } from "../check/command.ts";
import { command as quarantine } from "./command.ts";

let folder: string;
let records: string;
let ledger: string;
beforeAll(async () => {
  let mediaRoot: string;
  ({ folder, mediaRoot } = await mediaFolder());
  records = join(folder, "records.json");
  ledger = join(folder, "ledger.jsonl");
  writeFileSync(records, JSON.stringify([...mixedRecords, "no record"]));
  await runVerb(check, records, `mediaRoot=${mediaRoot}`, `output=${ledger}`);
});
afterAll(() => rmSync(folder, { recursive: true }));

test("every record ends in one of the two files, as it was", async () => {
  const { code, result } = await runVerb(quarantine, records, ledger);
  expect(code).toBe(0);
  const moved = { DECODE_FAILED: 1, MEDIA_NOT_FOUND: 2, MEDIA_OUTSIDE_ROOT: 2, RECORD_INVALID: 2 };
  expect(result).toMatchObject({ read: 15, kept: 8, moved });
  const kept = JSON.parse(readFileSync(join(folder, "records.kept.json"), "utf8")) as object[];
  const lines = readFileSync(join(folder, "records.kept.json.quarantine.jsonl"), "utf8").trimEnd().split("\n");
  const out = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(out[0]).toMatchObject({
    problem_id: 5,
    quarantine_code: "DECODE_FAILED",
    quarantine_hint: expect.any(String),
  });
  expect(out.at(-1)).toMatchObject({ record: "no record", quarantine_code: "RECORD_INVALID" });
  const restored = out.map(({ quarantine_code, quarantine_reason, quarantine_hint, ...rest }) => rest);
  const all = [...kept, ...restored.slice(0, -1)] as { problem_id: unknown }[];
  const byId = (rows: readonly { problem_id: unknown }[]) =>
    JSON.parse(
      JSON.stringify([...rows].sort((a, b) => String(a.problem_id).localeCompare(String(b.problem_id)))),
    ) as unknown;
  expect(byId(all)).toEqual(byId(mixedRecords));
  expect((await runVerb(quarantine, records, ledger)).errors).toContain("overwrite=true");
});

test("what is read is never written over", async () => {
  const before = readFileSync(records);
  const { errors } = await runVerb(quarantine, records, ledger, `output=${records}`, "overwrite=true");
  expect(errors).toContain("is read, and would be written over");
  expect(readFileSync(records)).toEqual(before);
});

test("a ledger of other records, or cut short, is refused, and nothing is written", async () => {
  const other = join(folder, "other.json");
  writeFileSync(other, JSON.stringify(mixedRecords));
  expect((await runVerb(quarantine, other, ledger)).errors).toContain("is of other records");
  const cut = join(folder, "cut.jsonl");
  const lines = readFileSync(ledger, "utf8").trimEnd().split("\n");
  const refusal = async (text: string) => {
    writeFileSync(cut, text);
    return (await runVerb(quarantine, records, cut, `output=${join(folder, "o.json")}`)).errors;
  };
  expect(await refusal(`${lines.slice(0, -1).join("\n")}\n`)).toContain("ends after 14 of 15 records");
  expect(await refusal(lines.join("\n").slice(0, -9))).toContain("not valid JSON");
  expect(await refusal(`${[...lines, lines.at(-1)].join("\n")}\n`)).toContain("does not have the 15 lines");
  expect(await refusal(`${lines.slice(1).join("\n")}\n`)).toContain("is not that of a ledger");
  for (const name of ["o.json", "o.json.quarantine.jsonl", "o.json.partial"])
    expect(existsSync(join(folder, name))).toBe(false);
});
