import type { LineLog } from "./files/json-lines.ts";
import type { ManifestFile } from "./files/manifest.ts";
import type { RunLines } from "./run-interface.ts";
import { lockRun } from "./run-lock.ts";

/** What a process of a run writes into its folder, but for checkpoints and the model. */
export interface RunFiles {
  /** Absent before the run is claimed, and of a run that is finished. */
  manifest?: ManifestFile;
  append<Name extends keyof RunLines>(name: Name, line: RunLines[Name] & { step: number }): void;
  add(name: keyof RunLines, log: LineLog<never>): void;
  /** Closes the files and releases the lock. */
  close(): void;
}

/** The files of a process that leaves them to rank 0. */
export const mute: RunFiles = { append() {}, add() {}, close() {} };

/** Locks a run's folder. @throws {CheckpointError} As `lockRun`. */
export function openFiles(outputDir: string): RunFiles {
  const lock = lockRun(outputDir);
  const logs = new Map<string, LineLog<never>>();
  return {
    append: (name, line) => (logs.get(name) as LineLog<object>).write(line), // `claimRun` opens each under its own name
    add: (name, log) => void logs.set(name, log),
    close() {
      for (const log of logs.values()) log.close();
      lock.release();
    },
  };
}
