import { open } from "node:fs/promises";
import { createInterface } from "node:readline";
import { JSONParser } from "@streamparser/json";
import { DatasetError, RecordError, type RecordPlace } from "./errors.ts";
import { type Example, parseRecord } from "./schema.ts";

/** A parsed but unchecked record and its place. */
export interface FoundRecord {
  record: unknown;
  place: RecordPlace;
}

/**
 * The records of a data set, in file order, without holding the file in memory: one JSON array of objects, or JSON
 * Lines (the first character that is not white space decides; blank lines are skipped).
 *
 * @throws {DatasetError} If the file is absent, is not JSON (with the line), is cut short, or has no record.
 */
export async function* readRecords(file: string): AsyncGenerator<FoundRecord, void, void> {
  const records = (await firstCharacter(file)) === "[" ? readArray(file) : readLines(file);
  let index = 0;
  for await (const { record, line } of records) {
    yield { record, place: { file, index, ...(line === undefined ? {} : { line }) } };
    index += 1;
  }
  if (index === 0) {
    throw new DatasetError("DATASET_EMPTY", { file, reason: "the data set has no record", hint: "Check the path." });
  }
}

/**
 * All examples of a data set, in file order.
 *
 * @param options.onInvalid - called with each record that breaks the rules, which is then left out; without it the
 * first one is thrown.
 * @throws {DatasetError} As {@link readRecords}. @throws {RecordError} For an invalid record, without `onInvalid`.
 */
export async function readExamples(
  file: string,
  { onInvalid }: { onInvalid?: (error: RecordError) => void } = {},
): Promise<Example[]> {
  const examples: Example[] = [];
  for await (const { record, place } of readRecords(file)) {
    try {
      examples.push(parseRecord(record, place));
    } catch (error) {
      if (!(error instanceof RecordError) || onInvalid === undefined) throw error;
      onInvalid(error);
    }
  }
  return examples;
}

async function* readLines(file: string): AsyncGenerator<{ record: unknown; line?: number }> {
  const handle = await open(file);
  try {
    let line = 0;
    for await (const text of createInterface({ input: handle.createReadStream(), crlfDelay: Number.POSITIVE_INFINITY })) {
      line += 1;
      const json = line === 1 ? text.replace(/^\uFEFF/, "") : text;
      if (json.trim() === "") continue;
      let record: unknown;
      try {
        record = JSON.parse(json);
      } catch (cause) {
        throw broken(file, line, cause, "A data set is one JSON array of records, or one complete record per line.");
      }
      yield { record, line };
    }
  } finally {
    await handle.close();
  }
}

async function* readArray(file: string): AsyncGenerator<{ record: unknown; line?: number }> {
  const found: unknown[] = [];
  const parser = new JSONParser({ paths: ["$.*"], keepStack: false, stringBufferSize: 65_536 });
  parser.onValue = ({ value }) => void found.push(value);
  let bytesBefore = 0;
  const handle = await open(file);
  try {
    for await (const chunk of handle.createReadStream({ highWaterMark: 1 << 18 }) as AsyncIterable<Buffer>) {
      parser.write(chunk);
      bytesBefore += chunk.length;
      for (const record of found.splice(0)) yield { record };
    }
    if (!parser.isEnded) parser.end();
  } catch (cause) {
    yield* found.splice(0).map((record) => ({ record }));
    throw cause;
  } finally {
    await handle.close();
  }
}
