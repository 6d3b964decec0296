import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BenchConfig } from "@videor1/bench";
import { afterAll, expect, test } from "vitest";
import { isFinished, readRunRecord, writeRunRecord } from "./run-record.ts";
import type { Stage } from "./stage.ts";

const folder = mkdtempSync(join(tmpdir(), "run-record-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const bench = (more: object): Stage => ({
  kind: "bench",
  config: BenchConfig.parse({
    model: "m",
    name: "a",
    outputDir: "o",
    data: { records: "r", media: { mediaRoot: "d" } },
    ...more,
  }),
});
const stages = [bench({}), bench({ name: "b" })];

test("a folder without a record is a run that is not begun", () => {
  const record = readRunRecord({ folder, stages });
  expect(record).toEqual({ stages, done: 0, sessions: 0, cpuSeconds: [] });
  expect(isFinished(record)).toBe(false);
});

test("a record is read as it was written, and only for the same settings", () => {
  const record = { stages, done: 2, sessions: 1, cpuSeconds: [1, 2] };
  writeRunRecord(folder, record);
  expect(readRunRecord({ folder, stages })).toEqual(record);
  expect(isFinished(record)).toBe(true);
  expect(() => readRunRecord({ folder, stages: [stages[0]!, bench({ name: "b", batchSize: 3 })] })).toThrow(
    /holds results of other settings: bench/,
  );
  expect(() => readRunRecord({ folder, stages: stages.slice(1) })).toThrow(/other settings: bench/);
});

test("an option that is newer than the run has its default in it", () => {
  const path = join(folder, "run.json");
  const older = readFileSync(path, "utf8").replaceAll('"compareShuffled": false,', "");
  expect(older).not.toContain("compareShuffled");
  writeFileSync(path, older);
  expect(isFinished(readRunRecord({ folder, stages }))).toBe(true);
  const wanted = [bench({ compareShuffled: true }), stages[1]!];
  expect(() => readRunRecord({ folder, stages: wanted })).toThrow(/other settings: bench/);
});
