import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { RunConfigError, replaceFile } from "@videor1/train";
import type { Run } from "./plan-runs.ts";
import type { Stage } from "./stage.ts";

/** What a run's folder says of it: `run.json`. */
export interface RunRecord {
  stages: Stage[];
  /** Stages that are done. */
  done: number;
  /** Processes that worked on the run. */
  sessions: number;
  /** CPU seconds of all threads, by stage that is done; of the process that ended it. */
  cpuSeconds: number[];
}

/**
 * The record of a run, empty where it is not begun.
 *
 * @throws {RunConfigError} If the folder holds a run with other settings.
 */
export function readRunRecord({ folder, stages }: Pick<Run, "folder" | "stages">): RunRecord {
  const path = join(folder, "run.json");
  const asked = JSON.parse(JSON.stringify(stages)) as Stage[];
  if (!existsSync(path)) return { stages: asked, done: 0, sessions: 0, cpuSeconds: [] };
  const record = JSON.parse(readFileSync(path, "utf8")) as RunRecord;
  const changed = asked.filter((stage, i) => !isDeepStrictEqual(stage, record.stages[i])).map(({ kind }) => kind);
  if (changed.length > 0 || record.stages.length !== asked.length) throw new RunConfigError(folder, changed);
  return record;
}

export function writeRunRecord(folder: string, record: RunRecord): void {
  mkdirSync(folder, { recursive: true });
  replaceFile(join(folder, "run.json"), `${JSON.stringify(record, null, 1)}\n`);
}

export const isFinished = ({ stages, done }: RunRecord): boolean => done === stages.length;
