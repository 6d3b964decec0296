import { mkdirSync } from "node:fs";
import { dirname, extname } from "node:path";
import { CheckpointError } from "@videor1/runs";
import { DataToolError } from "./data-tool-error.ts";
import { lockFile } from "./journal.ts";
import { createJsonWriter, jsonEnds, type RecordWriter } from "./json-writer.ts";
import { createParquetWriter } from "./parquet-writer.ts";

export type { RecordWriter } from "./json-writer.ts";

/**
 * A file of records: by its name JSON Lines (`.jsonl`, `.ndjson`), one JSON array with a record a line (`.json`), or a parquet
 * table (`.parquet`). Until it is finished or discarded no other writer can have the same file.
 *
 * @param indent - Spaces that a `.json` file is indented by, in place of a record a line; as `JSON.stringify` has it.
 * @throws {DataToolError} `RECORDS_NAME` for another name; `OUTPUT_LOCKED` while a living process writes the file.
 */
export function createRecordWriter(path: string, { indent = 0 }: { indent?: number } = {}): RecordWriter {
  const name = extname(path).toLowerCase();
  const end = jsonEnds.find((known) => known === name);
  if (end === undefined && name !== ".parquet")
    throw new DataToolError(
      "RECORDS_NAME",
      `${path}: records are written to a file that ends in ${jsonEnds.join(", ")}, .parquet`,
      "Name the output so; its end says how records are written.",
    );
  mkdirSync(dirname(path), { recursive: true });
  const unlock = lockOutput(path);
  try {
    return freeing(end === undefined ? createParquetWriter(path) : createJsonWriter(path, end, indent), unlock);
  } catch (error) {
    unlock();
    throw error;
  }
}

function lockOutput(path: string): () => void {
  try {
    return lockFile(path);
  } catch (cause) {
    if (!(cause instanceof CheckpointError && cause.code === "RUN_LOCKED")) throw cause;
    const who = /(?<=\.lock: )process \S+ on .+(?= is using)/.exec(cause.message)?.[0] ?? "another process";
    throw new DataToolError(
      "OUTPUT_LOCKED",
      `${path}: ${who} is writing it`,
      `Wait for it or stop it, or name another output; delete ${path}.lock if that process does not write this file.`,
      { cause },
    );
  }
}

/** A writer that frees its file at its end; from then on the file beside it may be that of another process, and is left alone. */
function freeing(writer: RecordWriter, unlock: () => void): RecordWriter {
  let isOurs = true;
  const free = () => {
    isOurs = false;
    unlock();
  };
  return {
    get count() {
      return writer.count;
    },
    write: (record) => writer.write(record),
    seal: () => writer.seal(),
    finish() {
      writer.finish();
      free();
    },
    discard() {
      if (!isOurs) return;
      try {
        writer.discard();
      } finally {
        free();
      }
    },
  };
}
