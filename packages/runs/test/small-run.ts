import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach } from "vitest";
import { openRun } from "../src/run.ts";
import type { CheckpointRequest, Run } from "../src/run-interface.ts";
import { saveCheckpoint } from "../src/save-checkpoint.ts";
import { group } from "./lines.ts";

interface Position {
  batch: number;
}

export const config = {
  seed: 1,
  checkpoint: { everySteps: 3, keep: 2, keepBest: true },
  maxFailedShare: 0.2,
  onNonFinite: "skip" as const,
};

export const save = async ({ root, step, state, keepLast, best }: CheckpointRequest) => {
  const write = (folder: string) => writeFileSync(join(folder, "weights"), String(step));
  await saveCheckpoint(root, { step, write, optimizer: [], state }, { keepLast, best });
  return { safeStep: step };
};

/** The signal of a run that nobody stops. */
export const running = new AbortController().signal;

/** Runs of 8 steps in a new folder for each test. */
export function useSmallRun() {
  let outputDir = "";
  beforeEach(() => {
    outputDir = join(mkdtempSync(join(tmpdir(), "run-")), "out");
  });
  afterEach(() => rmSync(join(outputDir, ".."), { recursive: true }));
  return {
    get outputDir() {
      return outputDir;
    },
    open(changes: object = {}, totalSteps = 8) {
      const asked = { ...config, maxSteps: totalSteps, ...changes };
      return openRun<Position>({
        outputDir,
        config: asked,
        inputs: [],
        totalSteps,
        stepsKey: "maxSteps",
        module: import.meta.url,
        logs: ["rollouts.jsonl"],
      });
    },
  };
}

/** Makes the steps up to `last`, like the apps; in every batch whose number is a multiple of 4 one of four records fails. */
export async function makeSteps(run: Run<Position>, last: number, signal = running): Promise<void> {
  for (let batch = (run.position?.batch ?? 0) + 1; run.step < last; batch++) {
    const failures =
      batch % 4 === 0 ? [{ problemId: batch, code: "MEDIA_UNREADABLE", reason: "cut short" } as const] : [];
    run.append("rollouts.jsonl", { ...group, seed: batch });
    run.endStep({ trained: 4 - failures.length, others: failures, metrics: { loss: 1 / batch } });
    await run.checkpointIfDue({ batch }, signal, save);
  }
}
