import { createReadStream, existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { DatasetError, type Example, type FoundRecord, readRecords } from "@videor1/data";
import type { Rules } from "@videor1/rewards";
import { rolloutsFile } from "@videor1/runs";
import { passRateLine } from "./pass-rate-line.ts";

/** A line of a file of pass rates says none. */
export class PassRateError extends Error {
  override readonly name = "PassRateError";
  readonly code: "PASS_RATE_INVALID" | "PASS_RATE_OF_NONE";
  readonly hint: string;

  constructor(code: PassRateError["code"], reason: string, hint: string) {
    super(reason);
    this.code = code;
    this.hint = hint;
  }
}

/** How often problems were answered right: mean score of all answers to each. */
export interface PassRates {
  /** By source and id; by id alone where the file names no source. */
  rateOf(example: Pick<Example, "problemId" | "dataSource">): number | undefined;
  problems: number;
  answers: number;
  /** Problems that no record has asked the rate of. */
  unused(): number;
}

/** The file of rates that a setting names: a run's folder stands for its rollouts. */
export const passRateFile = (path: string): string =>
  existsSync(path) && statSync(path).isDirectory() ? join(path, rolloutsFile) : path;

/**
 * Reads pass rates: rollouts.jsonl of a run, predictions or answers of an evaluation, or lines of `problem_id` with `rewards` (a
 * list), `correct` or `pass_rate`. Answers to a problem are pooled over lines and files.
 *
 * A last line that a crash cut short, or that is being written, is left out and said so.
 *
 * @param rules - by which answers that have no score are scored.
 * @throws {PassRateError} If a line has none of these forms. @throws {DatasetError} If a file cannot be read.
 */
export async function readPassRates(
  files: readonly string[],
  { rules, signal, print }: { rules: Rules; signal: AbortSignal; print: (line: string) => void },
): Promise<PassRates> {
  const found = new Map<string, { sum: number; count: number; isUsed: boolean }>();
  const read = passRateLine(rules);
  let answers = 0;
  for (const file of files)
    for await (const { record, place } of wholeLines(file, print)) {
      signal.throwIfAborted();
      const scored = read(record);
      if (scored === undefined)
        throw new PassRateError(
          "PASS_RATE_INVALID",
          `${file}, ${place.line === undefined ? `record ${place.index}` : `line ${place.line}`}: says no pass rate`,
          "Give rollouts.jsonl of a run, predictions or answers of an evaluation, or lines of problem_id with rewards (a list of scores of 0 to 1), correct or pass_rate.",
        );
      const { problemId, dataSource, scores } = scored;
      if (scores.length === 0) continue;
      const key = keyOf(problemId, dataSource);
      const rate = found.get(key) ?? { sum: 0, count: 0, isUsed: false };
      for (const score of scores) rate.sum += score;
      rate.count += scores.length;
      answers += scores.length;
      found.set(key, rate);
    }
  return {
    rateOf({ problemId, dataSource }) {
      const rate = found.get(keyOf(problemId, dataSource)) ?? found.get(keyOf(problemId, undefined));
      if (rate === undefined) return undefined;
      rate.isUsed = true;
      return rate.sum / rate.count;
    },
    problems: found.size,
    answers,
    unused: () => [...found.values()].filter(({ isUsed }) => !isUsed).length,
  };
}

async function* wholeLines(file: string, print: (line: string) => void): AsyncGenerator<FoundRecord> {
  try {
    yield* readRecords(file);
  } catch (error) {
    if (!(error instanceof DatasetError) || error.code !== "DATASET_BROKEN" || error.line === undefined) throw error;
    if (!/\.(jsonl|ndjson)$/.test(file) || !(await isCutLine(file, error.line))) throw error;
    print(`${file}, line ${error.line}: is cut short, and left out`);
  }
}

/** Whether no line break ends a line, which 1-based number is given. */
async function isCutLine(file: string, line: number): Promise<boolean> {
  let breaks = 0;
  for await (const chunk of createReadStream(file) as AsyncIterable<Buffer>)
    for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) breaks += 1;
  return breaks === line - 1;
}

const keyOf = (problemId: number | string, dataSource: string | undefined): string =>
  dataSource === undefined ? `${problemId}` : `${problemId}\0${dataSource}`;
