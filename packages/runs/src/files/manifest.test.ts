import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openManifest, readManifest } from "./manifest.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "manifest-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const settings = { config: { seed: 1 }, inputs: { "records.json": "ab12" } };
const engine = { backend: "torch", device: "cpu, 2 threads, torch 2.6.0", reason: "asked for" };
const code = (commit: string) => ({ packages: { "@videor1/train": "0.1.0" }, commit, dirty: false });
const totals = (trained: number) => ({ trained, byCode: {} });
const read = () => readManifest(folder);

/** A process that begins at `step`, at an hour of the first day of 2026. */
function open(step: number, hour: number, commit: string) {
  const time = { hour };
  const run = { ...settings, step, totalSteps: 8, ledger: totals(4 * step), code: code(commit) };
  const manifest = openManifest(folder, run, () => Date.UTC(2026, 0, 1, time.hour));
  return { manifest, time };
}

test("a run that was stopped, gone on with and then begun anew", () => {
  const first = open(0, 1, "aa");
  expect(read()).toMatchObject({ ...settings, step: 0, totalSteps: 8, ledger: totals(0) });
  first.manifest.setEngine(engine);
  first.time.hour = 2;
  first.manifest.update({ step: 3, ledger: totals(12) });
  expect(read()).toMatchObject({
    started: "2026-01-01T01:00:00.000Z",
    updated: "2026-01-01T02:00:00.000Z",
    step: 3,
    ledger: totals(12),
    processes: [{ fromStep: 0, code: code("aa"), engine, node: process.versions.node }],
  });

  const second = open(3, 5, "bb");
  expect(second.manifest.started).toBe(Date.UTC(2026, 0, 1, 1));
  expect(read()).toMatchObject({ started: "2026-01-01T01:00:00.000Z", updated: "2026-01-01T05:00:00.000Z" });
  expect(read().processes).toMatchObject([
    { fromStep: 0, code: code("aa"), engine },
    { fromStep: 3, code: code("bb"), engine: null },
  ]);

  open(0, 9, "cc");
  expect(read()).toMatchObject({ started: "2026-01-01T09:00:00.000Z", processes: [{ code: code("cc") }] });
  expect(read().processes).toHaveLength(1);
});

test("how it ended is told until the run goes on", () => {
  const { manifest, time } = open(0, 1, "aa");
  expect(read().ended).toBeNull();
  time.hour = 3;
  manifest.end({ how: "failed", code: "WORKER_DIED", message: "gone" });
  expect(read().ended).toEqual({
    at: "2026-01-01T03:00:00.000Z",
    how: "failed",
    code: "WORKER_DIED",
    message: "gone",
  });
  open(3, 5, "bb");
  expect(read().ended).toBeNull();
});

test("a manifest without its end, as earlier versions wrote it, is read and gone on with; a damaged one is named", () => {
  open(0, 1, "aa");
  const path = join(folder, "manifest.json");
  const { ended, ...earlier } = JSON.parse(readFileSync(path, "utf8")) as Record<string, unknown>;
  writeFileSync(path, JSON.stringify(earlier));
  expect(read()).toMatchObject({ step: 0, ended: null });
  open(3, 5, "bb");
  expect(read().processes).toHaveLength(2);
  writeFileSync(path, JSON.stringify({ ...earlier, processes: [{}] }));
  expect(() => open(3, 6, "cc")).toThrow(expect.objectContaining({ code: "RUN_FILE_BROKEN", path }));
});
