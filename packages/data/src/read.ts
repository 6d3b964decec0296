import { createReadStream } from "node:fs";
import { Tokenizer, TokenParser } from "@streamparser/json";
import type { Rules } from "@videor1/rewards";
import { DatasetError, RecordError, type RecordPlace } from "./errors.ts";
import { leftOutLines } from "./left-out.ts";
import type { DataOptions } from "./options.ts";
import { parquetRecords } from "./parquet-records.ts";
import { readLines } from "./read-lines.ts";
import { jsonOf, NoPlacesError, placedRecords } from "./record-places.ts";
import { type Example, parseRecord } from "./schema.ts";

/** A parsed but unchecked record and its place. */
export interface FoundRecord {
  record: unknown;
  place: RecordPlace;
}

/** A file whose records are the array under "results", as the original's annotation and evaluation write theirs. */
const wrapped = /^\{\s*"results"\s*:\s*\[/;

/**
 * Yields the records of a data set, in file order, without holding the file in memory: one JSON array of objects, an object
 * that begins with such an array as "results", JSON Lines, or parquet, a row group at a time (the first characters decide; blank
 * lines are skipped).
 *
 * @throws {DatasetError} If the file is absent, is neither JSON (with the line) nor parquet, is cut short, or has no record.
 */
export async function* readRecords(file: string): AsyncGenerator<FoundRecord, void, void> {
  const head = await headOf(file);
  const records: AsyncIterable<Found> = head.startsWith("PAR1")
    ? parquetRecords(file)
    : head.startsWith("[")
      ? readArray(file, "$.*")
      : wrapped.test(head)
        ? readArray(file, "$.results.*")
        : readJsonLines(file);
  let index = 0;
  for await (const { record, line } of records) {
    yield { record, place: { file, index, ...(line === undefined ? {} : { line }) } };
    index += 1;
  }
  if (index === 0) {
    throw new DatasetError("DATASET_EMPTY", { file, reason: "the data set has no record", hint: "Check the path." });
  }
}

export interface ReadOptions {
  /** "error" throws at a record that breaks the rules, "skip" leaves it out; default "error". */
  onInvalid?: DataOptions["onInvalid"];
  /** Takes the valid records of this kind alone; default: both. */
  dataType?: DataOptions["dataType"];
  /** Of the rewards that the solutions are for; default video-r1. */
  rules?: Rules;
  /** Receives each invalid record that is left out. */
  onLeftOut?: (error: RecordError) => void;
  /** Receives lines that count the records left out and name the first invalid ones; default: a process warning. */
  print?: (line: string) => void;
}

/**
 * Reads all examples of a data set, in file order.
 *
 * @throws {DatasetError} As {@link readRecords}; also if no record is left. @throws {RecordError} For an invalid record,
 * unless they are left out.
 */
export async function readExamples(
  file: string,
  { onInvalid = "error", dataType, rules, onLeftOut, print = warn }: ReadOptions = {},
): Promise<Example[]> {
  const examples: Example[] = [];
  const invalid: RecordError[] = [];
  for await (const { record, place } of readRecords(file)) {
    try {
      examples.push(parseRecord(record, place, rules));
    } catch (error) {
      if (!(error instanceof RecordError) || onInvalid === "error") throw error;
      invalid.push(error);
      onLeftOut?.(error);
    }
  }
  const taken = dataType === undefined ? examples : examples.filter((example) => example.dataType === dataType);
  const counts = { valid: examples.length, invalid, dataType, taken: taken.length };
  for (const line of leftOutLines(file, counts)) print(line);
  return taken;
}

export const warn = (line: string) => process.emitWarning(line, "InvalidRecordWarning");

type Found = { record: unknown; line?: number };

async function* readJsonLines(file: string): AsyncGenerator<Found> {
  let number = 0;
  for await (const line of readLines(file)) {
    number += 1;
    if (line.trim() === "") continue; // trims a byte order mark too
    let record: unknown;
    try {
      record = JSON.parse(line.trim());
    } catch (cause) {
      throw broken(file, number, cause);
    }
    yield { record, line: number };
  }
}

/** The elements of an array: by their places, and from the first that has none on by the parser, which says what is wrong and where. */
async function* readArray(file: string, path: string): AsyncGenerator<Found> {
  let count = 0;
  try {
    for await (const { bytes } of placedRecords(file)) {
      const record = jsonOf(bytes);
      count += 1;
      yield { record };
    }
    return;
  } catch (error) {
    if (!(error instanceof NoPlacesError)) throw error;
  }
  for await (const found of parseArray(file, path)) if (--count < 0) yield found;
}

async function* parseArray(file: string, path: string): AsyncGenerator<Found> {
  const tokenizer = new Tokenizer({ stringBufferSize: 65_536 });
  const parser = new TokenParser({ paths: [path], keepStack: false });
  const values: unknown[] = [];
  let lastOffset = 0;
  tokenizer.onToken = (token) => {
    lastOffset = token.offset;
    parser.write(token);
  };
  parser.onValue = ({ value }) => void values.push(value);
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 18 }) as AsyncIterable<Buffer>) {
    const fault = faultOf(() => tokenizer.write(chunk));
    yield* values.splice(0).map((record) => ({ record }));
    if (fault) throw broken(file, await lineAt(file, faultOffset(fault) ?? lastOffset), fault);
  }
  const fault = faultOf(() => {
    if (parser.isEnded) return;
    tokenizer.end();
    parser.end();
  });
  if (fault) throw broken(file, await lineAt(file, Number.POSITIVE_INFINITY), fault);
}

function faultOf(action: () => void): Error | undefined {
  try {
    action();
  } catch (error) {
    return error as Error;
  }
}

/** Byte offset that the tokenizer's own errors name; the token parser's errors are about the last token instead. */
function faultOffset({ message }: Error): number | undefined {
  const position = /absolute position "(\d+)"/.exec(message)?.[1];
  return position === undefined ? undefined : Number(position);
}

/** 1-based line of the byte at `offset`. */
async function lineAt(file: string, offset: number): Promise<number> {
  let line = 1;
  if (offset === 0) return line;
  for await (const chunk of createReadStream(file, { end: offset - 1 }) as AsyncIterable<Buffer>) {
    for (const byte of chunk) if (byte === 0x0a) line += 1;
  }
  return line;
}

function broken(file: string, line: number, cause: unknown): DatasetError {
  const reason = `not valid JSON: ${(cause as Error).message}`;
  const hint =
    "A data set is one JSON array of records, by itself or as results, or one record per line; download a file cut short again.";
  return new DatasetError("DATASET_BROKEN", { file, line, reason, hint }, { cause });
}

/** The first characters that are not white space. */
async function headOf(file: string): Promise<string> {
  try {
    for await (const chunk of createReadStream(file, {
      encoding: "utf8",
      highWaterMark: 4096,
    }) as AsyncIterable<string>) {
      const text = chunk.trimStart(); // trims a byte order mark too
      if (text !== "") return text;
    }
    return "";
  } catch (cause) {
    const reason = `cannot be read: ${(cause as Error).message}`;
    throw new DatasetError("DATASET_NOT_FOUND", { file, reason, hint: "Check the path of the data set." }, { cause });
  }
}
