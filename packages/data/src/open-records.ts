import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { DatasetError, RecordError, type RecordPlace } from "./errors.ts";
import { growingNumbers } from "./growing-numbers.ts";
import { leftOutLines } from "./left-out.ts";
import { type ReadOptions, readExamples, warn } from "./read.ts";
import { jsonOf, NoPlacesError, placedRecords } from "./record-places.ts";
import { type Example, parseRecord } from "./schema.ts";
import { keyHash, sharedKeys } from "./shared-keys.ts";

/** The examples of a file, in file order, each read when it is asked for. */
export interface OpenRecords {
  readonly length: number;
  /** @throws {DatasetError} If the file has been changed since it was opened. */
  at(index: number): Example;
  /** Yields the examples that have one of these keys; by a small chance also one that has none. */
  withKeys(keys: ReadonlySet<string>): Iterable<Example>;
  close(): void;
}

/**
 * Reads and checks every record of a data set once, in its order, as {@link readExamples} does, but keeps only where each stands.
 * Examples of files whose records have no bytes of their own, such as parquet, are held.
 *
 * @throws {DatasetError} {@link RecordError} As {@link readExamples}.
 */
export async function openRecords(file: string, options: ReadOptions = {}): Promise<OpenRecords> {
  try {
    return await indexed(file, options);
  } catch (error) {
    if (error instanceof NoPlacesError) return held(await readExamples(file, options)); // or it says what is broken
    throw error;
  }
}

async function indexed(
  file: string,
  { onInvalid = "error", dataType, rules, onLeftOut, print = warn }: ReadOptions,
): Promise<OpenRecords> {
  const [starts, sizes] = [growingNumbers(), growingNumbers()];
  const [keys, owners] = [growingNumbers(), growingNumbers()];
  const invalid: RecordError[] = [];
  const descriptor = openFile(file);
  try {
    const before = fstatSync(descriptor);
    let index = 0;
    let valid = 0;
    for await (const { start, bytes, line } of placedRecords(file)) {
      const text = bytes.toString("utf8").trim(); // trims a byte order mark too
      if (line !== undefined && text === "") continue;
      const place: RecordPlace = { file, index, ...(line === undefined ? {} : { line }) };
      index += 1;
      const record = line === undefined ? jsonOf(bytes) : parsed(file, text);
      try {
        const example = parseRecord(record, place, rules);
        valid += 1;
        if (dataType !== undefined && example.dataType !== dataType) continue;
        for (const key of sharedKeys(example)) {
          keys.push(keyHash(key));
          owners.push(starts.length);
        }
        starts.push(start);
        sizes.push(bytes.length);
      } catch (error) {
        if (!(error instanceof RecordError) || onInvalid === "error") throw error;
        invalid.push(error);
      }
    }
    if (index === 0) throw new NoPlacesError(file);
    for (const error of invalid) onLeftOut?.(error);
    for (const line of leftOutLines(file, { valid, invalid, dataType, taken: starts.length })) print(line);
    const at = (index: number): Example => {
      const { size, mtimeMs } = fstatSync(descriptor);
      if (size !== before.size || mtimeMs !== before.mtimeMs) throw changed(file);
      const bytes = Buffer.alloc(sizes.at(index));
      if (readSync(descriptor, bytes, 0, bytes.length, starts.at(index)) < bytes.length) throw changed(file);
      return parseRecord(JSON.parse(bytes.toString("utf8").trim()), { file, index }, rules);
    };
    return {
      length: starts.length,
      at,
      *withKeys(wanted) {
        const hashes = new Set([...wanted].map(keyHash));
        for (let i = 0, last = -1; i < keys.length; i += 1) {
          const owner = owners.at(i);
          if (owner === last || !hashes.has(keys.at(i))) continue;
          last = owner;
          yield at(owner);
        }
      },
      close: () => closeSync(descriptor),
    };
  } catch (error) {
    closeSync(descriptor);
    throw error;
  }
}

function held(examples: readonly Example[]): OpenRecords {
  return { length: examples.length, at: (index) => examples[index]!, withKeys: () => examples, close() {} };
}

function parsed(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new NoPlacesError(file);
  }
}

function openFile(file: string): number {
  try {
    return openSync(file, "r");
  } catch {
    throw new NoPlacesError(file);
  }
}

function changed(file: string): DatasetError {
  const reason = "has been changed while it was in use";
  return new DatasetError("DATASET_BROKEN", {
    file,
    reason,
    hint: "Run the same command again: it reads the file anew.",
  });
}
