import { mkdirSync } from "node:fs";
import { dirname, extname } from "node:path";
import { DataToolError } from "./data-tool-error.ts";
import { createJsonWriter, jsonEnds, type RecordWriter } from "./json-writer.ts";
import { createParquetWriter } from "./parquet-writer.ts";

export type { RecordWriter } from "./json-writer.ts";

/**
 * A file of records: by its name JSON Lines (`.jsonl`, `.ndjson`), one JSON array with a record a line (`.json`), or a parquet
 * table (`.parquet`).
 *
 * @param indent - Spaces that a `.json` file is indented by, in place of a record a line; as `JSON.stringify` has it.
 * @throws {DataToolError} `RECORDS_NAME` for another name.
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
  return end === undefined ? createParquetWriter(path) : createJsonWriter(path, end, indent);
}
