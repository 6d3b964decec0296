import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readMetrics } from "./files/metrics.ts";
import { openRun } from "./run.ts";
import type { Run } from "./run-interface.ts";
import { saveCheckpoint } from "./save-checkpoint.ts";

let outputDir: string;
beforeEach(() => {
  outputDir = mkdtempSync(join(tmpdir(), "validation-"));
});
afterEach(() => rmSync(outputDir, { recursive: true }));

const validation = { everySteps: 2, lowerIsBetter: true };
const open = ({ earlyStop = {}, keepBest = true } = {}) =>
  openRun<number>({
    outputDir,
    config: { checkpoint: { everySteps: 5, keep: 1, keepBest }, maxFailedShare: 1, onNonFinite: "stop" },
    inputs: [],
    totalSteps: 13,
    module: import.meta.url,
    validation: { ...validation, ...earlyStop },
  });

/** Loss on the held-back records after each step that has a validation. */
const losses: Record<number, number> = { 2: 5, 4: 3, 6: 4, 8: 3.5, 10: 3.2, 12: 2, 13: 2.5 };

async function makeSteps(run: Run<number>, last = Number.POSITIVE_INFINITY): Promise<void> {
  while (!run.isOver && run.step < last) {
    const value = losses[run.step + 1];
    expect(run.isValidationDue).toBe(value !== undefined);
    const validated = value === undefined ? undefined : { value, metrics: { loss: value, records: 9 } };
    run.endStep({ trained: 1, others: [], metrics: { loss: 1 }, validation: validated });
    await run.checkpointIfDue(run.step, new AbortController().signal, async ({ root, step, state, keepLast, best }) => {
      const write = (folder: string) => writeFileSync(join(folder, "weights"), String(step));
      await saveCheckpoint(root, { step, optimizer: [], state, write }, { keepLast, best });
      return { safeStep: step };
    });
  }
  run.end();
}

/** Names in the checkpoint folder; a pointer with the name that it holds. */
const checkpoints = () => {
  const root = join(outputDir, "checkpoints");
  return readdirSync(root)
    .sort()
    .map((name) => (name.includes("-") ? name : `${name}: ${readFileSync(join(root, name), "utf8").trim()}`));
};

test("the best checkpoint stays beside the newest, and metrics hold every validation", async () => {
  await makeSteps(await open());
  expect(checkpoints()).toEqual(["best: checkpoint-12", "checkpoint-12", "checkpoint-13", "latest: checkpoint-13"]);
  const validated = readMetrics(outputDir).filter((record) => "validation/loss" in record);
  expect(Object.fromEntries(validated.map((record) => [record.step, record["validation/loss"]]))).toEqual(losses);
  expect(validated[0]).toMatchObject({ loss: 1, "validation/records": 9 });
});

const earlyStop = { earlyStop: { patience: 3, minDelta: 0 } };
const stoppedAt10 = ["best: checkpoint-4", "checkpoint-10", "checkpoint-4", "latest: checkpoint-10"];

test("the run is over after as many validations without improvement as its patience allows", async () => {
  const run = await open({ earlyStop });
  await makeSteps(run);
  expect([run.step, run.isOver]).toEqual([10, true]);
  expect(checkpoints()).toEqual(stoppedAt10);
});

test("killed and continued, it stops at the same step with the same best checkpoint", async () => {
  await makeSteps(await open({ earlyStop }), 9);
  expect(checkpoints()).toEqual(["best: checkpoint-4", "checkpoint-4", "checkpoint-5", "latest: checkpoint-5"]);
  rmSync(join(outputDir, "checkpoints", "best")); // killed before it was written
  const resumed = await open({ earlyStop });
  expect(resumed.step).toBe(5);
  await makeSteps(resumed);
  expect(checkpoints()).toEqual(stoppedAt10);
});

test("a gain below minDelta does not extend the patience", async () => {
  const run = await open({ earlyStop: { earlyStop: { patience: 1, minDelta: 2.5 } } });
  await makeSteps(run);
  expect(run.step).toBe(4);
});

test("without keepBest only the newest stay", async () => {
  await makeSteps(await open({ keepBest: false }));
  expect(checkpoints()).toEqual(["checkpoint-13", "latest: checkpoint-13"]);
});
