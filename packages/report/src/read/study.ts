import { existsSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { RunFileError } from "@videor1/runs";
import { groupBy } from "@videor1/statistics";
import { type FoundRun, findRuns } from "./find-runs.ts";
import {
  type Bench,
  type RlRun,
  type RlSettingsSchema,
  readBench,
  readRlRun,
  readSftRun,
  type SftRun,
} from "./read-run.ts";

/** A run of an arm. */
export interface ArmRun extends RlRun {
  /** Unique within an arm; runs of several arms with the same seed are compared. */
  seed: string;
}

/** One variant of RL and its runs, which have the same scoring. */
export interface Arm {
  name: string;
  /** At least one. */
  runs: readonly ArmRun[];
}

/** The subject of a page: variants of RL to compare. */
export interface Study {
  /** The SFT run that the arms start from; null if it is unknown. */
  sft: SftRun | null;
  /** At least one; the others are compared with the first. */
  arms: readonly Arm[];
  /** Evaluations of the SFT model, then of each arm's; empty if the arms were not evaluated. */
  benches: readonly Bench[];
}

/**
 * Reads a folder of the main job: `sft/`, `rl/<arm>/`, `bench/`.
 *
 * @throws {RunFileError} If a file is missing or broken.
 */
export async function readMainJob(runDir: string, arms: readonly string[], settings: RlSettingsSchema): Promise<Study> {
  return {
    sft: await readSftRun(join(runDir, "sft")),
    arms: await Promise.all(
      arms.map(async (name) => {
        const run = await readRlRun(join(runDir, "rl", name), settings);
        return { name, runs: [{ ...run, seed: String(run.config.seed) }] };
      }),
    ),
    benches: await Promise.all(["sft", ...arms].map((name) => readBench(join(runDir, "bench"), name))),
  };
}

export interface StudyOptions {
  settings: RlSettingsSchema;
  /** Arm that the others are compared with; default the first without temporal reward, if there is one. */
  base?: string | undefined;
}

/**
 * Reads every RL run at or below some folders. A single folder of a main job is read with its SFT and evaluations.
 *
 * @throws {RunFileError} If there is no run, a file is missing or broken, or the runs of an arm differ in their scoring.
 */
export async function readStudy(folders: readonly string[], { settings, base }: StudyOptions): Promise<Study> {
  const byArm = groupBy(await findRuns(folders), ({ arm }) => arm);
  const [folder] = folders;
  const isMainJob = folders.length === 1 && existsSync(join(folder!, "bench", "sft.json"));
  const { sft, arms, benches } = isMainJob
    ? await readMainJob(folder!, [...byArm.keys()], settings)
    : { sft: null, arms: await readArms(byArm, settings), benches: [] };
  const first = arms.findIndex(({ name, runs }) =>
    base === undefined ? runs[0]!.scoring.temporal.kind === "none" : name === base,
  );
  if (base !== undefined && first < 0)
    throw new RunFileError("RUN_FILE_MISSING", {
      path: folders.join(", "),
      reason: `no arm "${base}"`,
      hint: `Arms: ${[...byArm.keys()].join(", ")}.`,
    });
  const inOrder = <T>(ofArms: readonly T[]) =>
    first < 0 ? ofArms : [ofArms[first]!, ...ofArms.slice(0, first), ...ofArms.slice(first + 1)];
  const [ofSft, ...ofArms] = benches;
  return { sft, arms: inOrder(arms), benches: ofSft ? [ofSft, ...inOrder(ofArms)] : [] };
}

async function readArms(byArm: ReadonlyMap<string, readonly FoundRun[]>, settings: RlSettingsSchema): Promise<Arm[]> {
  const arms: Arm[] = [];
  for (const [name, found] of byArm) {
    const runs: ArmRun[] = [];
    for (const { folder, seed } of found) runs.push({ ...(await readRlRun(folder, settings)), seed });
    const odd = runs.findIndex(({ scoring }) => !isDeepStrictEqual(scoring, runs[0]!.scoring));
    if (odd >= 0)
      throw new RunFileError("RUN_FILES_DISAGREE", {
        path: found[odd]!.folder,
        reason: `scored otherwise than ${found[0]!.folder}, a run of the same arm "${name}"`,
        hint: "Give runs of different settings folders of different names.",
      });
    arms.push({ name, runs });
  }
  return arms;
}
