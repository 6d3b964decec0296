import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { saveCheckpoint } from "./checkpoint.ts";
import { writeFolder } from "./durable.ts";
import { readLedger } from "./files/ledger-file.ts";
import { readManifest } from "./files/manifest.ts";
import { readMetrics } from "./files/metrics.ts";
import { readRollouts } from "./files/rollouts.ts";
import { group } from "./files/test/lines.ts";
import { openRun } from "./run.ts";
import type { CheckpointRequest, Run } from "./run-interface.ts";

let outputDir: string;
beforeEach(() => {
  outputDir = join(mkdtempSync(join(tmpdir(), "run-")), "out");
});
afterEach(() => rmSync(join(outputDir, ".."), { recursive: true }));

interface Position {
  batch: number;
}

const config = {
  seed: 1,
  checkpoint: { everySteps: 3, keep: 2, keepBest: true },
  maxFailedShare: 0.2,
  onNonFinite: "skip" as const,
};
const open = (changes: object = {}) =>
  openRun<Position>({
    outputDir,
    config: { ...config, ...changes },
    inputs: [],
    totalSteps: 8,
    module: import.meta.url,
    logs: ["rollouts.jsonl"],
  });

const save = async ({ root, step, state, keepLast, best }: CheckpointRequest) => {
  const write = (folder: string) => writeFileSync(join(folder, "weights"), String(step));
  return { folder: await saveCheckpoint(root, { step, write, optimizer: [], state }, { keepLast, best }) };
};
const running = new AbortController().signal;

/** Makes steps as the apps do, up to `last`; on every batch whose number is a multiple of 4 one of four records fails. */
async function makeSteps(run: Run<Position>, last: number, signal = running): Promise<void> {
  for (let batch = (run.position?.batch ?? 0) + 1; run.step < last; batch++) {
    const failures =
      batch % 4 === 0 ? [{ problemId: batch, code: "MEDIA_UNREADABLE", reason: "cut short" } as const] : [];
    run.append("rollouts.jsonl", { ...group, seed: batch });
    run.endStep({ trained: 4 - failures.length, others: failures, metrics: { loss: 1 / batch } });
    await run.checkpointIfDue({ batch }, signal, save);
  }
}

const logged = () =>
  [
    readMetrics(outputDir).map(({ secondsElapsed, ...line }) => line),
    readRollouts(outputDir),
    readLedger(outputDir),
  ] as const;

test("a new run starts at step 0", async () => {
  const run = await open();
  expect(run).toMatchObject({ step: 0, done: false, totalSteps: 8, modelDir: join(outputDir, "model") });
  expect([run.checkpoint, run.position]).toEqual([undefined, undefined]);
  run.end();
});

test("a run that broke off goes on from its checkpoint and leaves the same lines as an unbroken one", async () => {
  const whole = await open();
  await makeSteps(whole, 8);
  whole.end();
  const expected = logged();
  expect(expected.map(({ length }) => length)).toEqual([8, 8, 2]);
  rmSync(outputDir, { recursive: true });

  const broken = await open();
  await makeSteps(broken, 5);
  broken.append("rollouts.jsonl", { ...group, seed: 6 }); // killed in the middle of step 6
  broken.end();
  const rollouts = join(outputDir, "rollouts.jsonl");
  truncateSync(rollouts, readFileSync(rollouts).length - 4);

  const resumed = await open();
  expect(resumed).toMatchObject({ step: 3, position: { batch: 3 }, done: false });
  expect(resumed.checkpoint).toBe(join(outputDir, "checkpoints", "checkpoint-3"));
  expect(resumed.ledger.counts()).toEqual({ trained: 12, skipped: 0, failed: 0 });
  await makeSteps(resumed, 8);
  resumed.end();
  expect(logged()).toEqual(expected);
});

test("a process killed while it removed an old checkpoint leaves what an unbroken one leaves", async () => {
  const run = await open();
  await makeSteps(run, 8);
  run.end();
  const checkpoints = join(outputDir, "checkpoints");
  expect(readdirSync(checkpoints).sort()).toEqual(["checkpoint-6", "checkpoint-8", "latest"]);
  mkdirSync(join(checkpoints, "checkpoint-3"));
  writeFileSync(join(checkpoints, "checkpoint-3", "weights"), "3");
  (await open()).end();
  expect(readdirSync(checkpoints).sort()).toEqual(["checkpoint-6", "checkpoint-8", "latest"]);
});

test("counts and elapsed time go on", async () => {
  const first = await open();
  await makeSteps(first, 6);
  first.end();
  const before = readMetrics(outputDir).at(-1)!;
  expect(before).toMatchObject({ step: 6, trained: 23, failed: 1 });
  const second = await open();
  await makeSteps(second, 7);
  second.end();
  const after = readMetrics(outputDir).at(-1)!;
  expect(after).toMatchObject({ step: 7, trained: 27, failed: 1 });
  expect(after.secondsElapsed).toBeGreaterThanOrEqual(before.secondsElapsed);
});

test("a step that had nothing to train on counts, and has no line of metrics", async () => {
  const run = await open();
  run.endStep({ trained: 0, others: [] });
  expect(run.step).toBe(1);
  run.endStep({ trained: 1, others: [], metrics: { loss: 1 } });
  run.end();
  expect(readMetrics(outputDir).map(({ step }) => step)).toEqual([2]);
});

describe("a step that was not finite", () => {
  const step = { problemIds: [7, 8], reason: "The loss is NaN", others: [] };
  const entry = { problemId: 7, outcome: "skipped", code: "NON_FINITE_STEP", reason: "The loss is NaN" };

  test("is skipped, its records with it", async () => {
    const run = await open();
    await makeSteps(run, 2);
    run.skipStep(step);
    expect(run.step).toBe(3);
    run.end();
    expect(readLedger(outputDir)).toEqual([
      { step: 3, ...entry },
      { step: 3, ...entry, problemId: 8 },
    ]);
    expect(run.ledger.counts()).toEqual({ trained: 8, skipped: 2, failed: 0 });
  });

  test("stops the run if the config says so, with its records named", async () => {
    const run = await open({ onNonFinite: "stop" });
    expect(() => run.skipStep(step)).toThrow(
      expect.objectContaining({
        code: "NON_FINITE_STEP",
        step: 1,
        problemIds: [7, 8],
        message: `Step 1, records 7, 8 (${outputDir}/ledger.jsonl): The loss is NaN`,
        hint: expect.stringContaining("onNonFinite=skip"),
      }),
    );
    run.end();
    expect(readLedger(outputDir)).toHaveLength(2);
  });

  test("stops the run if it is the tenth in a row, also where the run went on in between", async () => {
    const first = await open();
    for (let i = 0; i < 9; i++) first.skipStep(step);
    first.endStep({ trained: 1, others: [], metrics: { loss: 1 } });
    for (let i = 0; i < 5; i++) first.skipStep(step);
    await first.checkpointIfDue({ batch: 15 }, running, save); // step 15
    first.end();
    const second = await open();
    for (let i = 0; i < 4; i++) second.skipStep(step);
    expect(() => second.skipStep(step)).toThrow(/the 9 steps before/);
    second.end();
  });
});

test("a stopped run saves where it is, then throws the reason", async () => {
  const abort = new AbortController();
  const run = await open();
  await makeSteps(run, 4);
  abort.abort(new DOMException("Stopped", "AbortError"));
  await expect(makeSteps(run, 8, abort.signal)).rejects.toBe(abort.signal.reason);
  run.end();
  const resumed = await open();
  expect(resumed.step).toBe(5);
  resumed.end();
});

test("stopped in its last step, a run ends", async () => {
  const run = await open();
  await makeSteps(run, 7);
  await makeSteps(run, 8, AbortSignal.abort());
  expect(run.step).toBe(8);
  run.end();
});

test("the manifest tells every process and stands at the newest checkpoint; TensorBoard's file has every line", async () => {
  const manifest = () => readManifest(outputDir);
  const engine = { backend: "torch", device: "cpu", reason: "asked for" };
  const first = await open();
  first.setEngine(engine);
  await makeSteps(first, 4);
  first.end();
  expect(manifest()).toMatchObject({ config, step: 3, totalSteps: 8, ledger: { trained: 12, byCode: {} } });
  const second = await open();
  await makeSteps(second, 8);
  await writeFolder(second.modelDir, async (folder) => writeFileSync(join(folder, "config.json"), "{}"));
  second.end();
  expect(manifest()).toMatchObject({ step: 8, ledger: { trained: 30, byCode: { MEDIA_UNREADABLE: 2 } } });
  expect(manifest().processes).toMatchObject([
    { fromStep: 0, engine },
    { fromStep: 3, engine: null },
  ]);

  const [events, ...others] = readdirSync(outputDir).filter((name) => name.startsWith("events.out.tfevents."));
  expect(others).toEqual([]);
  const tags = readFileSync(join(outputDir, events!), "latin1").match(/loss|trained/g)!;
  const ofSteps = Array.from({ length: tags.length / 2 }, (_, i) => tags.slice(2 * i, 2 * i + 2).sort());
  expect(ofSteps).toEqual(Array.from({ length: 8 }, () => ["loss", "trained"]));

  const before = manifest();
  (await open()).end(); // done: nothing is touched
  expect(manifest()).toEqual(before);
  expect(readdirSync(outputDir)).toContain(events);
});

test("a run is done when its last step is made and its model is there", async () => {
  const run = await open();
  await makeSteps(run, 8);
  run.end();
  const unfinished = await open();
  expect(unfinished).toMatchObject({ step: 8, done: false });
  await writeFolder(unfinished.modelDir, async (folder) => writeFileSync(join(folder, "config.json"), "{}"));
  unfinished.end();
  const finished = await open();
  expect(finished.done).toBe(true);
  finished.end();
});

test("other settings are refused once there is a checkpoint, and the folder is free again", async () => {
  const run = await open();
  await makeSteps(run, 2);
  run.end();
  const other = await open({ seed: 2 }); // no checkpoint yet: it starts anew
  expect(readMetrics(outputDir)).toEqual([]);
  await makeSteps(other, 3);
  other.end();
  await expect(open()).rejects.toMatchObject({ name: "RunConfigError", changed: ["seed"], hint: expect.any(String) });
  const free = { seed: 2, checkpoint: { everySteps: 1, keep: 9 }, maxFailedShare: 1 };
  (await open(free)).end();
});

describe("how a run ended", () => {
  const ended = () => readManifest(outputDir).ended;

  test("finished, once its last step is made", async () => {
    const run = await open();
    expect(ended()).toBeNull();
    await makeSteps(run, 8);
    run.end();
    expect(ended()).toEqual({ at: expect.any(String), how: "finished" });
  });

  test("stopped by a signal, and nothing while it goes on", async () => {
    const run = await open();
    await makeSteps(run, 3);
    run.end(new DOMException("Stopped", "AbortError"));
    expect(ended()).toEqual({ at: expect.any(String), how: "stopped" });
    const resumed = await open();
    expect(ended()).toBeNull();
    resumed.end();
    expect(ended()).toMatchObject({ how: "stopped" });
  });

  test("failed, with code and message", async () => {
    const run = await open({ onNonFinite: "stop" });
    try {
      run.skipStep({ problemIds: [7], reason: "The loss is NaN", others: [] });
    } catch (error) {
      run.end(error);
    }
    expect(ended()).toMatchObject({
      how: "failed",
      code: "NON_FINITE_STEP",
      message: expect.stringContaining("The loss is NaN"),
    });
    expect(existsSync(join(outputDir, "run.lock"))).toBe(false);
  });

  test("a manifest that cannot be written hides no error, and the folder is free again", async () => {
    const run = await open();
    rmSync(join(outputDir, "manifest.json"));
    mkdirSync(join(outputDir, "manifest.json/in-the-way"), { recursive: true });
    run.end(new Error("the first error"));
    expect(existsSync(join(outputDir, "run.lock"))).toBe(false);
  });
});

test("one process at a time", async () => {
  const run = await open();
  await expect(open()).rejects.toMatchObject({ code: "RUN_LOCKED" });
  run.end();
  (await open()).end();
});

test("a broken log is named, and the folder is free again", async () => {
  mkdirSync(outputDir);
  writeFileSync(join(outputDir, "rollouts.jsonl"), "nonsense\n{}\n");
  await expect(open()).rejects.toMatchObject({ code: "RUN_FILE_BROKEN", line: 1 });
  expect(existsSync(join(outputDir, "run.lock"))).toBe(false);
});
