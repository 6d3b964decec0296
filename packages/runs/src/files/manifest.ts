import { existsSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { CodeVersion } from "../code-version.ts";
import { replaceFile } from "../durable.ts";
import { LedgerTotals } from "../ledger.ts";
import { RunSettings } from "../run-settings.ts";
import { readRunFile } from "./run-file.ts";

export const manifestFile = "manifest.json";

/** The engine that computed a run. */
export const EngineRecord = z.object({
  backend: z.string(),
  /** The device in words, with the version of its library. */
  device: z.string(),
  reason: z.string(),
});
export type EngineRecord = z.infer<typeof EngineRecord>;

export const RunProcess = z.object({
  started: z.iso.datetime(),
  /** Steps done when the process began. */
  fromStep: z.int().min(0),
  code: CodeVersion,
  /** Version of Node.js. */
  node: z.string(),
  platform: z.string(),
  /** null until the engine has started. */
  engine: EngineRecord.nullable(),
});
export type RunProcess = z.infer<typeof RunProcess>;

/** How the newest process of a run ended: its last step made, stopped by a signal, or failed with an error. */
export const RunEnd = z.object({
  at: z.iso.datetime(),
  how: z.enum(["finished", "stopped", "failed"]),
  /** Code and message of the error. */
  code: z.string().optional(),
  message: z.string().optional(),
});
export type RunEnd = z.infer<typeof RunEnd>;

/** `manifest.json`: code, machines and times of a run. No other file names a machine, so that results can be compared. */
export const Manifest = z.object({
  ...RunSettings.shape,
  /** When step 1 began; ISO 8601. */
  started: z.iso.datetime(),
  /** When this file was written last. */
  updated: z.iso.datetime(),
  /** Steps done at the newest checkpoint; `ledger` is of the same moment. */
  step: z.int().min(0),
  totalSteps: z.int().min(1),
  /** Numbers of steps that the run had before, each up to its step. */
  earlierTotals: z.array(z.object({ untilStep: z.int().min(0), totalSteps: z.int().min(1) })).default([]),
  ledger: LedgerTotals,
  /** Every process that worked on the run, in order. */
  processes: z.array(RunProcess),
  /** null while a process works on the run, holding run.lock, and after one that was killed. */
  ended: RunEnd.nullable().default(null),
});
export type Manifest = z.infer<typeof Manifest>;

/** @throws {RunFileError} `RUN_FILE_MISSING` or `RUN_FILE_BROKEN`. */
export const readManifest = (folder: string): Manifest => readRunFile(join(folder, manifestFile), JSON.parse, Manifest);

/** The number of steps that a run was to have when it made a step, of which the learning rate depends. */
export const totalStepsAt = ({ earlierTotals, totalSteps }: Manifest, step: number): number =>
  earlierTotals.find(({ untilStep }) => step <= untilStep)?.totalSteps ?? totalSteps;

export interface ManifestFile {
  /** In ms since 1970. */
  readonly started: number;
  readonly earlierTotals: Manifest["earlierTotals"];
  setEngine(engine: EngineRecord): void;
  update(state: { step: number; ledger: LedgerTotals }): void;
  end(end: Omit<RunEnd, "at">): void;
}

/**
 * Begins a run's manifest, or adds this process to the manifest of a run that is resumed.
 *
 * @param now - In ms since 1970.
 * @throws {RunFileError} `RUN_FILE_BROKEN` if the manifest of a resumed run is damaged.
 */
export function openManifest(
  folder: string,
  run: RunSettings & Pick<Manifest, "step" | "totalSteps" | "ledger"> & { code: CodeVersion },
  now: () => number = Date.now,
): ManifestFile {
  const path = join(folder, manifestFile);
  const { code, ...state } = run;
  const before = run.step > 0 && existsSync(path) ? readManifest(folder) : undefined;
  const time = () => new Date(now()).toISOString();
  const own: RunProcess = { started: time(), fromStep: run.step, code, ...machine(), engine: null };
  const manifest: Manifest = {
    ...state,
    earlierTotals: earlierTotals(before, run),
    started: before?.started ?? own.started,
    updated: own.started,
    processes: [...(before?.processes ?? []), own],
    ended: null,
  };
  const write = () => replaceFile(path, `${JSON.stringify({ ...manifest, updated: time() }, null, 2)}\n`);
  write();
  return {
    started: Date.parse(manifest.started),
    earlierTotals: manifest.earlierTotals,
    setEngine(engine) {
      own.engine = engine;
      write();
    },
    update(state) {
      Object.assign(manifest, state);
      write();
    },
    end(end) {
      manifest.ended = { at: time(), ...end };
      write();
    },
  };
}

function earlierTotals(before: Manifest | undefined, run: { step: number; totalSteps: number }) {
  if (!before) return [];
  const earlier = before.earlierTotals.map((total) => ({ ...total, untilStep: Math.min(total.untilStep, run.step) }));
  if (before.totalSteps === run.totalSteps) return earlier;
  return [...earlier, { untilStep: run.step, totalSteps: before.totalSteps }];
}

const machine = () => ({ node: process.versions.node, platform: `${process.platform} ${process.arch}` });
