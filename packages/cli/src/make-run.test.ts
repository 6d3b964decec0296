import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Run, readManifest, saveCheckpoint, writeFolder } from "@videor1/runs";
import { afterEach, beforeEach, expect, test } from "vitest";
import { makeRun } from "./make-run.ts";

let outputDir: string;
let lines: string[];
beforeEach(() => {
  outputDir = mkdtempSync(join(tmpdir(), "make-run-"));
  lines = [];
});
afterEach(() => rmSync(outputDir, { recursive: true }));

const make = (train: (run: Run<number>) => Promise<void>) =>
  makeRun<number>(
    {
      outputDir,
      config: { checkpoint: { everySteps: 1, keep: 1, keepBest: true }, maxFailedShare: 1, onNonFinite: "stop" },
      inputs: [],
      totalSteps: 1,
      module: import.meta.url,
    },
    train,
    { print: (line) => void lines.push(line) },
  );

async function oneStep(run: Run<number>): Promise<void> {
  run.endStep({
    trained: 1,
    others: [{ problemId: 7, code: "MEDIA_MISSING", reason: "no such file" }],
    metrics: { loss: 1 },
  });
  await run.checkpointIfDue(1, new AbortController().signal, async ({ root, step, state, keepLast }) => {
    await saveCheckpoint(root, { step, write: () => {}, optimizer: [], state }, { keepLast });
    return { safeStep: step };
  });
  await writeFolder(run.modelDir, async (folder) => writeFileSync(join(folder, "config.json"), "{}"));
}

test("a run is trained once, and its ledger printed", async () => {
  expect(await make(oneStep)).toEqual({ modelDir: join(outputDir, "model") });
  expect(lines[0]).toBe(`1 of 2 records were not trained: ${outputDir}/ledger.jsonl`);
  expect(readManifest(outputDir).ended).toMatchObject({ how: "finished" });
  await make(() => expect.unreachable());
  expect(lines).toContain(`${outputDir} holds a finished run`);
});

test("a run that fails ends with its error, and its folder is free", async () => {
  const error = new Error("the disk is gone");
  await expect(make(() => Promise.reject(error))).rejects.toBe(error);
  expect(readManifest(outputDir).ended).toMatchObject({ how: "failed", message: "the disk is gone" });
  expect(existsSync(join(outputDir, "run.lock"))).toBe(false);
});
