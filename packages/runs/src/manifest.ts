import { existsSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { CodeVersion } from "./code-version.ts";
import { replaceFile } from "./durable.ts";
import type { LedgerTotals } from "./ledger.ts";
import { readRunFile } from "./run-file.ts";
import type { RunSettings } from "./run-settings.ts";

/** `manifest.json`: where a run's results come from. Times and machines stand here alone, so that results can be compared. */
export interface Manifest extends RunSettings {
  /** When step 1 began; ISO 8601. */
  started: string;
  /** When this file was written last: at the newest checkpoint, as `step` and `ledger`. */
  updated: string;
  step: number;
  totalSteps: number;
  ledger: LedgerTotals;
  /** Every process that worked on the run, in order. */
  processes: RunProcess[];
}

export interface RunProcess {
  started: string;
  /** Steps done when it took over. */
  fromStep: number;
  code: CodeVersion;
  node: string;
  platform: string;
  /** What computed; null until the engine has started. */
  engine: EngineRecord | null;
}

export interface EngineRecord {
  backend: string;
  /** In words, with the version of its library. */
  device: string;
  reason: string;
}

export interface ManifestFile {
  /** In ms since 1970. */
  readonly started: number;
  setEngine(engine: EngineRecord): void;
  update(state: { step: number; ledger: LedgerTotals }): void;
}

/** What of a manifest the processes of a run hand on. */
const Begun = z.object({
  started: z.iso.datetime(),
  processes: z.array(z.custom<RunProcess>((x) => x instanceof Object)),
});

/**
 * Begins a run's manifest, or adds this process to that of the run that goes on.
 *
 * @param now - In ms since 1970.
 */
export function openManifest(
  folder: string,
  run: RunSettings & Pick<Manifest, "step" | "totalSteps" | "ledger"> & { code: CodeVersion },
  now: () => number = Date.now,
): ManifestFile {
  const path = join(folder, "manifest.json");
  const { code, ...state } = run;
  const before = run.step > 0 && existsSync(path) ? readRunFile(path, JSON.parse, Begun) : undefined;
  const time = () => new Date(now()).toISOString();
  const own: RunProcess = { started: time(), fromStep: run.step, code, ...machine(), engine: null };
  const manifest: Manifest = {
    ...state,
    started: before?.started ?? own.started,
    updated: own.started,
    processes: [...(before?.processes ?? []), own],
  };
  const write = () => replaceFile(path, `${JSON.stringify({ ...manifest, updated: time() }, null, 2)}\n`);
  write();
  return {
    started: Date.parse(manifest.started),
    setEngine(engine) {
      own.engine = engine;
      write();
    },
    update(state) {
      Object.assign(manifest, state);
      write();
    },
  };
}

const machine = () => ({ node: process.versions.node, platform: `${process.platform} ${process.arch}` });
