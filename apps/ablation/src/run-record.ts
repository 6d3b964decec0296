import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { RunConfigError, readRunFile, replaceFile } from "@videor1/runs";
import { z } from "zod";
import type { Run } from "./plan-runs.ts";
import { Stage } from "./stage.ts";

/** `run.json`: the progress of a run, in its folder. */
const RunRecord = z.object({
  /** Options newer than the run have their defaults. */
  stages: z.array(Stage),
  done: z.int().describe("Stages that are done"),
  sessions: z.int().describe("Processes that worked on the run"),
  cpuSeconds: z
    .array(z.number())
    .describe("By stage that is done: CPU time of all threads of the process that ended it"),
});
export type RunRecord = z.infer<typeof RunRecord>;

/**
 * The record of a run; an empty one if it has not begun.
 *
 * @throws {RunConfigError} If the folder holds a run with other settings. @throws {RunFileError} If its record is damaged,
 * or has settings that no longer exist.
 */
export function readRunRecord({ folder, stages }: Pick<Run, "folder" | "stages">): RunRecord {
  const path = join(folder, "run.json");
  if (!existsSync(path)) return { stages, done: 0, sessions: 0, cpuSeconds: [] };
  const record = readRunFile(path, JSON.parse, RunRecord);
  const asked = JSON.parse(JSON.stringify(stages)) as Stage[];
  const names = [...new Set([...asked, ...record.stages].map(({ kind }) => kind))];
  const of = (list: readonly Stage[], kind: Stage["kind"]) => list.filter((stage) => stage.kind === kind);
  const changed = names.filter((kind) => !isDeepStrictEqual(of(asked, kind), of(record.stages, kind)));
  if (changed.length > 0) throw new RunConfigError(folder, changed);
  return record;
}

export function writeRunRecord(folder: string, record: RunRecord): void {
  mkdirSync(folder, { recursive: true });
  replaceFile(join(folder, "run.json"), `${JSON.stringify(record, null, 1)}\n`);
}

export const isFinished = ({ stages, done }: RunRecord): boolean => done === stages.length;
