import { join } from "node:path";
import { type Bench, type RlRun, readBench, readRlRun, readSftRun, type SftRun } from "./read-run.ts";

/** One way of RL and its runs, which differ in nothing but the seed. */
export interface Arm {
  name: string;
  /** One at least. */
  runs: readonly RlRun[];
}

/** What a page is about: ways of RL beside one another. */
export interface Study {
  /** The run that they start from. */
  sft: SftRun;
  /** One at least; the first is what the others are measured by. */
  arms: readonly Arm[];
  /** Of the model that SFT left, then of each arm's. */
  benches: readonly Bench[];
}

/**
 * Reads a folder of the main job: `sft/`, `rl/<arm>/`, `bench/`.
 *
 * @throws {RunFileError} If a file is missing or broken.
 */
export async function readMainJob(runDir: string, arms: readonly string[]): Promise<Study> {
  return {
    sft: await readSftRun(join(runDir, "sft")),
    arms: await Promise.all(arms.map(async (name) => ({ name, runs: [await readRlRun(join(runDir, "rl", name))] }))),
    benches: await Promise.all(["sft", ...arms].map((name) => readBench(join(runDir, "bench"), name))),
  };
}
