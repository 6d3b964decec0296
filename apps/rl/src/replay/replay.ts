/** Recomputes a recorded step of a run from its record and the checkpoint before it. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { loadConfig } from "@videor1/cli";
import {
  checkpointSteps,
  manifestFile,
  metricsFile,
  readManifest,
  readMetrics,
  readRollouts,
  readSettings,
  rolloutsFile,
  runSettings,
  totalStepsAt,
  verifyCheckpoint,
} from "@videor1/runs";
import { RlConfig } from "../config.ts";
import { openMedia } from "../open-media.ts";
import { openPool } from "../open-pool.ts";
import { recordedSamples, withIds } from "./recorded-group.ts";
import { ReplayError } from "./replay-error.ts";
import { type ReplayedStep, replayStep } from "./replay-step.ts";

export interface Replay {
  /** The checkpoint that the weights were taken from, or the model that the run started from. */
  from: string;
  /** Every step from there to the one asked for, which is the last. */
  steps: ReplayedStep[];
}

/**
 * Recomputes the rewards, advantages, loss and gradient norm of a step from the answers recorded in rollouts.jsonl. The
 * weights are those of the newest checkpoint before the step; steps in between are made again from their records.
 *
 * @param overrides - `key.path=value`, such as another engine or media root.
 * @throws {ReplayError} If the step, the model or a media file is not there. @throws {CheckpointError} If the checkpoint is damaged.
 * @throws {RunFileError} If a line of the record lacks what is needed: it was changed, or an earlier version wrote it.
 */
export async function replay(runDir: string, step: number, overrides: readonly string[]): Promise<Replay> {
  const files = ["config.yaml", metricsFile, rolloutsFile];
  const missing = files.find((name) => !existsSync(join(runDir, name)));
  if (missing !== undefined)
    throw new ReplayError(`${runDir}: no run, it has no ${missing}`, `A run is a folder with ${files.join(", ")}.`);
  const config = loadConfig(RlConfig, join(runDir, "config.yaml"), overrides);
  const groups = withIds(readRollouts(runDir));
  const lines = new Map(readMetrics(runDir).map((line) => [line.step, line]));
  if (!groups.some((group) => group.step === step)) {
    const hint = `It has those of step ${groups[0]?.step ?? "none"} to ${groups.at(-1)?.step ?? "none"}.`;
    throw new ReplayError(`${join(runDir, rolloutsFile)} holds no answers of step ${step}`, hint);
  }
  await checkModel(runDir, config.model);

  const root = join(runDir, "checkpoints");
  const start = checkpointSteps(root).find((saved) => saved < step) ?? 0;
  const checkpoint = start > 0 ? join(root, `checkpoint-${start}`) : undefined;
  if (checkpoint) verifyCheckpoint(checkpoint);
  const replayed = groups.filter((group) => group.step > start && group.step <= step);
  const totalAt = stepsOf(runDir, config);
  const media = await openMedia(config);
  const { pool } = await openPool({ config, checkpoint, recorded: recordedSamples(replayed) });
  try {
    const steps: ReplayedStep[] = [];
    for (let next = start + 1; next <= step; next++) {
      const recorded = replayed.filter((group) => group.step === next);
      if (recorded.length > 0)
        steps.push(await replayStep(pool, config, media, recorded, lines.get(next), totalAt(next)));
    }
    return { from: checkpoint ?? config.model, steps };
  } finally {
    await pool.close();
    await media.close();
  }
}

/** The number of steps that a run was to have at a step; without a manifest, the config's. */
function stepsOf(runDir: string, config: RlConfig): (step: number) => number {
  if (!existsSync(join(runDir, manifestFile))) return () => config.maxSteps;
  const manifest = readManifest(runDir);
  return (step) => totalStepsAt(manifest, step);
}

/** The model that the run started from is its reference too. */
async function checkModel(runDir: string, model: string): Promise<void> {
  const hashes = Object.values(readSettings(runDir).inputs);
  const { inputs } = await runSettings({}, [model], runDir);
  if (hashes.includes(inputs[model]!)) return;
  const what = existsSync(model) ? "is not the model that the run started from" : "is not there any more";
  throw new ReplayError(
    `${model} ${what}; see ${join(runDir, "inputs.json")}`,
    "Give the folder that holds it: model=<folder>.",
  );
}
