import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openEventFile, type StepScalars } from "./event-file.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "events-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const clock = { started: 1_700_000_000_000, now: 1_700_000_100_000 };
const files = () => readdirSync(folder).filter((name) => name.includes("tfevents"));
const content = () => readFileSync(join(folder, files()[0]!));

/** Writes a file with the records that stay, then with new ones. */
function written(stay: readonly StepScalars[], come: readonly StepScalars[], now = clock.now): Buffer {
  const file = openEventFile(folder, stay, { ...clock, now });
  for (const record of come) file.write(record);
  file.close();
  return content();
}

/**
 * The version event and one of scalars, written by tensorboard 2.21.0's RecordWriter:
 * Event(wall_time=1700000000.0, file_version="brain.Event:2") and Event(wall_time=1700000001.5, step=300, summary=
 * Summary(value=[("loss", 0.1), ("reward/accuracy", nan), ("secondsElapsed", 1.5)])).
 */
const golden =
  "1800000000000000a37f4b220900000040fc54d9411a0d627261696e2e4576656e743a32eced8f9d4a00000000000000af77dbb009000060" +
  "40fc54d94110ac022a3c0a0b0a046c6f737315cdcccc3d0a160a0f7265776172642f6163637572616379150000c07f0a150a0e7365636f6e" +
  "6473456c6170736564150000c03f726c56fc";

test("byte for byte what TensorBoard's own writer leaves", () => {
  const record = { step: 300, loss: 0.1, "reward/accuracy": Number.NaN, secondsElapsed: 1.5 };
  expect(written([], [record]).toString("hex")).toBe(golden);
});

test("a run that goes on leaves the events of an unbroken one, in one file", () => {
  const records = [1, 2, 3, 4].map((step) => ({ step, loss: 1 / step, secondsElapsed: step }));
  const whole = written([], records);
  written([], [...records.slice(0, 3), { step: 4, loss: 9, secondsElapsed: 4 }]);
  expect(written(records.slice(0, 2), records.slice(2), clock.now + 5000)).toEqual(whole);
  expect(files()).toEqual([expect.stringMatching(/^events\.out\.tfevents\.1700000105\./)]);
});

test("other files stay", () => {
  writeFileSync(join(folder, "metrics.jsonl"), "");
  written([], []);
  expect(readdirSync(folder)).toContain("metrics.jsonl");
});
