import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { group } from "../test/lines.ts";
import { makeSteps, useSmallRun } from "../test/small-run.ts";
import { writeFolder } from "./durable.ts";
import { readLedger } from "./files/ledger-file.ts";
import { readMetrics } from "./files/metrics.ts";
import { readRollouts } from "./files/rollouts.ts";

const small = useSmallRun();

const logged = () =>
  [
    readMetrics(small.outputDir).map(({ secondsElapsed, ...line }) => line),
    readRollouts(small.outputDir),
    readLedger(small.outputDir),
  ] as const;

test("a new run starts at step 0", async () => {
  const run = await small.open();
  expect(run).toMatchObject({ step: 0, done: false, totalSteps: 8, modelDir: join(small.outputDir, "model") });
  expect([run.checkpoint, run.position]).toEqual([undefined, undefined]);
  run.end();
});

test("a run that broke off goes on from its checkpoint and leaves the same lines as an unbroken one", async () => {
  const whole = await small.open();
  await makeSteps(whole, 8);
  whole.end();
  const expected = logged();
  expect(expected.map(({ length }) => length)).toEqual([8, 8, 2]);
  rmSync(small.outputDir, { recursive: true });

  const broken = await small.open();
  await makeSteps(broken, 5);
  broken.append("rollouts.jsonl", { ...group, seed: 6 }); // killed in the middle of step 6
  broken.end();
  const rollouts = join(small.outputDir, "rollouts.jsonl");
  truncateSync(rollouts, readFileSync(rollouts).length - 4);

  const resumed = await small.open();
  expect(resumed).toMatchObject({ step: 3, position: { batch: 3 }, done: false });
  expect(resumed.checkpoint).toBe(join(small.outputDir, "checkpoints", "checkpoint-3"));
  expect(resumed.ledger.counts()).toEqual({ trained: 12, skipped: 0, failed: 0 });
  await makeSteps(resumed, 8);
  resumed.end();
  expect(logged()).toEqual(expected);
});

test("records that are left out are counted once, however often the run is resumed", async () => {
  const leftOut = [{ problemId: undefined, message: "no solution", place: { index: 3 } }];
  const begin = async (totalSteps: number, last: number) => {
    const run = await small.open({}, totalSteps);
    run.leaveOut(leftOut);
    await makeSteps(run, last);
    run.end();
  };
  await begin(8, 2); // no checkpoint yet
  await begin(8, 5);
  await begin(8, 8);
  const invalid = { step: 1, problemId: "record 3", outcome: "skipped", code: "RECORD_INVALID", reason: "no solution" };
  expect(readLedger(small.outputDir).filter(({ code }) => code === "RECORD_INVALID")).toEqual([invalid]);
  expect(readMetrics(small.outputDir).at(-1)).toMatchObject({ trained: 30, skipped: 1, failed: 2 });
});

test("a process killed while it removed an old checkpoint leaves what an unbroken one leaves", async () => {
  const run = await small.open();
  await makeSteps(run, 8);
  run.end();
  const checkpoints = join(small.outputDir, "checkpoints");
  expect(readdirSync(checkpoints).sort()).toEqual(["checkpoint-6", "checkpoint-8", "latest"]);
  mkdirSync(join(checkpoints, "checkpoint-3"));
  writeFileSync(join(checkpoints, "checkpoint-3", "weights"), "3");
  (await small.open()).end();
  expect(readdirSync(checkpoints).sort()).toEqual(["checkpoint-6", "checkpoint-8", "latest"]);
});

test("counts and elapsed time go on", async () => {
  const first = await small.open();
  await makeSteps(first, 6);
  first.end();
  const before = readMetrics(small.outputDir).at(-1)!;
  expect(before).toMatchObject({ step: 6, trained: 23, failed: 1 });
  const second = await small.open();
  await makeSteps(second, 7);
  second.end();
  const after = readMetrics(small.outputDir).at(-1)!;
  expect(after).toMatchObject({ step: 7, trained: 27, failed: 1 });
  expect(after.secondsElapsed).toBeGreaterThanOrEqual(before.secondsElapsed);
});

test("a step that had nothing to train on counts, and has no line of metrics", async () => {
  const run = await small.open();
  run.endStep({ trained: 0, others: [] });
  expect(run.step).toBe(1);
  run.endStep({ trained: 1, others: [], metrics: { loss: 1 } });
  run.end();
  expect(readMetrics(small.outputDir).map(({ step }) => step)).toEqual([2]);
});

test("a damaged checkpoint is refused when the run would go on from it, and the folder is free again", async () => {
  const run = await small.open();
  await makeSteps(run, 4);
  run.end();
  const weights = join(small.outputDir, "checkpoints", "checkpoint-3", "weights");
  writeFileSync(weights, "8"); // as many bytes as before
  await expect(small.open()).rejects.toMatchObject({ code: "CHECKPOINT_INCOMPLETE" });
  expect(existsSync(join(small.outputDir, "run.lock"))).toBe(false);
  writeFileSync(weights, "3");
  (await small.open()).end();
});

test("a stopped run saves where it is, then throws the reason", async () => {
  const abort = new AbortController();
  const run = await small.open();
  await makeSteps(run, 4);
  abort.abort(new DOMException("Stopped", "AbortError"));
  await expect(makeSteps(run, 8, abort.signal)).rejects.toBe(abort.signal.reason);
  run.end();
  const resumed = await small.open();
  expect(resumed.step).toBe(5);
  resumed.end();
});

test("stopped in its last step, a run ends", async () => {
  const run = await small.open();
  await makeSteps(run, 7);
  await makeSteps(run, 8, AbortSignal.abort());
  expect(run.step).toBe(8);
  run.end();
});

test("a run is done when its last step is made and its model is there", async () => {
  const run = await small.open();
  await makeSteps(run, 8);
  run.end();
  const unfinished = await small.open();
  expect(unfinished).toMatchObject({ step: 8, done: false });
  await writeFolder(unfinished.modelDir, async (folder) => writeFileSync(join(folder, "config.json"), "{}"));
  unfinished.end();
  const finished = await small.open();
  expect(finished.done).toBe(true);
  finished.end();
});

test("other settings are refused once there are results, and the folder is free again", async () => {
  const run = await small.open();
  await makeSteps(run, 2);
  run.end();
  await expect(small.open({ seed: 2 })).rejects.toMatchObject({ name: "RunConfigError", changed: ["seed"] });
  const again = await small.open(); // killed before its first checkpoint: the same run begins anew
  expect(readMetrics(small.outputDir)).toEqual([]);
  await makeSteps(again, 3);
  again.end();
  await expect(small.open({ seed: 2 })).rejects.toMatchObject({
    name: "RunConfigError",
    changed: ["seed"],
    hint: expect.any(String),
  });
  const free = { checkpoint: { everySteps: 1, keep: 9 }, maxFailedShare: 1 };
  (await small.open(free)).end();
});

test("one process at a time", async () => {
  const run = await small.open();
  await expect(small.open()).rejects.toMatchObject({ code: "RUN_LOCKED" });
  run.end();
  (await small.open()).end();
});

test("a broken log is named, and the folder is free again", async () => {
  mkdirSync(small.outputDir);
  writeFileSync(join(small.outputDir, "rollouts.jsonl"), "nonsense\n{}\n");
  await expect(small.open()).rejects.toMatchObject({ code: "RUN_FILE_BROKEN", line: 1 });
  expect(existsSync(join(small.outputDir, "run.lock"))).toBe(false);
});
