import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { replaceFile } from "./durable.ts";

/** One line of the log. */
export interface MetricsRecord {
  /** Optimizer updates done. */
  step: number;
  [name: string]: unknown;
}

export interface MetricsLog {
  write(record: MetricsRecord): void;
  close(): void;
}

/** A metrics file whose lines are not all JSON records. */
export class MetricsError extends Error {
  override readonly name = "MetricsError";
  readonly code = "METRICS_BROKEN";
  readonly path: string;
  readonly line: number;
  readonly hint = "Move the file away or mend the line; only a broken last line is mended without asking.";

  constructor(path: string, line: number) {
    super(`${path}:${line} is not a JSON record with a step`);
    this.path = path;
    this.line = line;
  }
}

/**
 * Opens a log of one JSON record per line for appending. A last line that a crash cut short is removed.
 *
 * @param resumeStep - The step of the checkpoint resumed from: records of later steps, which will be made again, are removed.
 * @param fsync - Whether every record reaches the disk before `write` returns.
 * @throws {MetricsError} If a line before the last is broken.
 */
export function openMetrics(
  path: string,
  { resumeStep = Number.POSITIVE_INFINITY, fsync = false }: { resumeStep?: number; fsync?: boolean } = {},
): MetricsLog {
  mkdirSync(dirname(path), { recursive: true });
  if (existsSync(path)) truncate(path, resumeStep);
  const file = openSync(path, "a");
  return {
    write(record) {
      writeFileSync(file, `${JSON.stringify(record, plainNumber)}\n`); // all of it, or an error
      if (fsync) fsyncSync(file);
    },
    close: () => closeSync(file),
  };
}

/**
 * The records of a log; a broken last line is left out.
 *
 * @throws {MetricsError} If a line before the last is broken.
 */
export function readMetrics(path: string): MetricsRecord[] {
  const lines = readFileSync(path, "utf8").split("\n");
  const rest = lines.pop(); // text after the last line break: "" or a record cut short
  return lines.flatMap((line, i) => {
    const record = parseRecord(line);
    if (record) return [record];
    if (i === lines.length - 1 && rest === "") return [];
    throw new MetricsError(path, i + 1);
  });
}

function truncate(path: string, resumeStep: number): void {
  const kept = readMetrics(path).filter(({ step }) => step <= resumeStep);
  const text = kept.map((record) => `${JSON.stringify(record)}\n`).join("");
  if (text !== readFileSync(path, "utf8")) replaceFile(path, text);
}

function parseRecord(line: string): MetricsRecord | undefined {
  try {
    const record = JSON.parse(line) as MetricsRecord;
    return typeof record?.step === "number" ? record : undefined;
  } catch {
    return undefined;
  }
}

/** JSON has no NaN and no infinity, and would turn them into null: they are written as text. */
const plainNumber = (_: string, value: unknown) =>
  typeof value === "number" && !Number.isFinite(value) ? String(value) : value;
