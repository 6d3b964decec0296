import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { CheckpointError } from "./checkpoint-error.ts";
import { type Manifest, manifestFile, readManifest } from "./files/manifest.ts";
import { metricsFile } from "./files/metrics.ts";

/** What a folder without checkpoints still holds of a run. */
export interface RunRemains {
  /** Whether the folder has results: the final model, or lines of metrics. */
  isBegun: boolean;
  /** The manifest of a run whose final model is there; null otherwise. */
  finished: Pick<Manifest, "step" | "ledger"> | null;
}

/**
 * Reads what a run left whose checkpoints are gone. A run that never wrote one has lost nothing and may begin again.
 *
 * @throws {CheckpointError} CHECKPOINT_MISSING if steps were made that no checkpoint holds any more, and the final model is
 * not there: beginning again would wipe their metrics and answers.
 */
export function runRemains(outputDir: string): RunRemains {
  const isThere = (...names: string[]) => existsSync(join(outputDir, ...names));
  const manifest = isThere(manifestFile) ? readManifest(outputDir) : undefined;
  if (isThere("model", "config.json")) return { isBegun: true, finished: manifest ?? noSteps };
  const metricsBytes = statSync(join(outputDir, metricsFile), { throwIfNoEntry: false })?.size ?? 0;
  if (metricsBytes === 0) return { isBegun: false, finished: null };
  if (manifest?.step !== 0) {
    const saved = manifest ? `its checkpoint of step ${manifest.step}` : `its ${manifestFile}`;
    throw new CheckpointError("CHECKPOINT_MISSING", {
      path: outputDir,
      what: `holds ${metricsFile} of a run, but ${saved} is gone: to begin again would wipe its results`,
      hint: "Restore the folder checkpoints from a copy, choose another output folder, or delete this one to start again.",
    });
  }
  return { isBegun: true, finished: null };
}

const noSteps: NonNullable<RunRemains["finished"]> = { step: 0, ledger: { trained: 0, byCode: {} } };
