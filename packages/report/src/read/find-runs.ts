import { existsSync, statSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { metricsFile, RunFileError, rolloutsFile } from "@videor1/runs";
import { orMissing } from "./run-files.ts";

/** An RL run on disk, with arm and seed from its path. */
export interface FoundRun {
  folder: string;
  arm: string;
  /** Tells the runs of an arm apart. */
  seed: string;
}

/** Folders that hold no run; data and models are large. */
const passedOver = new Set(["data", "init", "model", "checkpoints", "node_modules"]);

/**
 * Every RL run at or below the folders, in order of path. A run is a folder with metrics and rollouts.
 *
 * @throws {RunFileError} `RUN_FILE_MISSING` if a folder is not there or has no run.
 */
export async function findRuns(folders: readonly string[]): Promise<FoundRun[]> {
  const found: FoundRun[] = [];
  for (const root of folders) {
    if (!statSync(root, { throwIfNoEntry: false })?.isDirectory())
      throw new RunFileError("RUN_FILE_MISSING", {
        path: root,
        reason: existsSync(root) ? "a file, not a folder" : "no such folder",
        hint: "Give the folder of a run, or one with runs in it.",
      });
    const runs = await runsBelow(root, []);
    if (runs.length === 0)
      throw new RunFileError("RUN_FILE_MISSING", {
        path: root,
        reason: "no RL run in it or below",
        hint: `An RL run is a folder with ${metricsFile} and ${rolloutsFile}.`,
      });
    for (const path of runs) {
      const { arm, seed } = nameRun(resolve(root), path);
      found.push({ folder: join(root, ...path), arm, seed: seed ?? basename(resolve(root)) });
    }
  }
  return found;
}

/**
 * Arm and seed of a run from its path: "grpo" and "3-100" of `grpo/3-100/rl`, "grpo" of `rl/grpo`. Parts named "rl" are
 * skipped; a path without a name takes that of a folder above.
 *
 * @param root - absolute path of the folder that was given.
 * @param path - parts of the path from there to the run.
 */
export function nameRun(root: string, path: readonly string[]): { arm: string; seed: string | null } {
  const isSeed = (part: string) => /^(seed-)?\d+(-\d+)?$/.test(part);
  const parts = path.filter((part) => part !== "rl");
  const names = parts.filter((part) => !isSeed(part));
  const seeds = parts.filter(isSeed);
  const above = root
    .split(/[/\\]/)
    .filter((part) => part !== "rl" && !isSeed(part))
    .at(-1);
  return { arm: names.join("/") || (above ?? root), seed: seeds.join("/") || null };
}

async function runsBelow(root: string, path: readonly string[]): Promise<string[][]> {
  const folder = join(root, ...path);
  const entries = await orMissing(folder, readdir(folder, { withFileTypes: true }));
  const names = new Set(entries.map(({ name }) => name));
  if (names.has(metricsFile) && names.has(rolloutsFile)) return [[...path]];
  const below = entries
    .filter((entry) => entry.isDirectory() && !passedOver.has(entry.name))
    .map(({ name }) => name)
    .sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
  return (await Promise.all(below.map((name) => runsBelow(root, [...path, name])))).flat();
}
