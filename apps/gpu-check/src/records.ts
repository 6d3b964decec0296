/** A report of a stage: a line of its output, "@@ " and JSON. */
export type StageRecord =
  | { machine: Machine }
  | { weights: { parameters: number; files: number; bytes: number } }
  | { test: string; outcome: "passed" | "failed" | "skipped"; message?: string }
  | { figure: string; value: number; unit: string }
  /** Microseconds of a kernel of our own, of ATen's ops (0: not taken) and of a copy of the bytes that it must move. */
  | { kernel: string; ours: number; aten: number; copy: number };

export interface Machine {
  torch: string;
  /** CUDA's version; null if torch sees no GPU. */
  cuda: string | null;
  gpu: string | null;
  device: string;
  /** Version; null if it is not installed. */
  transformers: string | null;
  cores: number;
}

const mark = "@@ ";

export const report = (record: StageRecord): void => console.log(mark + JSON.stringify(record));

export const figure = (name: string, value: number, unit: string): void => report({ figure: name, value, unit });

/** The record of a line, or undefined for a line of log. */
export function recordOf(line: string): StageRecord | undefined {
  if (!line.startsWith(mark)) return undefined;
  try {
    return JSON.parse(line.slice(mark.length)) as StageRecord;
  } catch {
    return undefined; // cut short when the stage was stopped
  }
}

/** All records of one kind. */
export const recordsOf = <Key extends string>(stages: readonly { records: readonly StageRecord[] }[], key: Key) =>
  stages
    .flatMap(({ records }) => records)
    .filter((record): record is Extract<StageRecord, Record<Key, unknown>> => key in record);
