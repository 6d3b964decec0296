import { createHash } from "node:crypto";
import { closeSync, fsyncSync, openSync, readSync, renameSync, rmSync } from "node:fs";
import { fileWriter, ParquetWriter } from "hyparquet-writer";
import { createJsonWriter, type RecordWriter } from "./json-writer.ts";
import {
  type ColumnType,
  isEmpty,
  jsonParts,
  ownField,
  parquetValue,
  schemaElements,
  widened,
} from "./parquet-type.ts";

/** Rows of a row group: what a reader of one record has to decode. */
const groupRows = 5000;

export interface ParquetRecordWriter extends RecordWriter {
  /** Columns, or parts of one as `videos.fps`, whose values have no type in common and are JSON text. */
  jsonParts(): string[];
}

/**
 * Writes records as a parquet table: a column a field, with lists and structs; absent is null. A field whose values have no type
 * in common, as a `path` that is a text here and a list there, is JSON text and marked so; `problem_id` is then text. The types are
 * known with the last record, so that the records wait in a file beside it.
 */
export function createParquetWriter(path: string): ParquetRecordWriter {
  const waiting = `${path}.waiting.jsonl`;
  const temporary = `${path}.partial`;
  const lines = createJsonWriter(waiting, ".jsonl");
  const types = new Map<string, ColumnType>();
  let digest: string | undefined;
  const seal = () => {
    if (digest !== undefined) return digest;
    if (types.get("problem_id")?.kind === "json") types.set("problem_id", { kind: "text" });
    lines.finish();
    writeTable(temporary, waiting, types);
    rmSync(waiting);
    digest = sha256(temporary);
    return digest;
  };
  const discard = () => {
    lines.discard();
    for (const file of [waiting, temporary]) rmSync(file, { force: true });
  };
  return {
    get count() {
      return lines.count;
    },
    write(record) {
      for (const [name, value] of Object.entries(record))
        types.set(name, widened(types.get(name) ?? { kind: "none" }, value));
      lines.write(record);
    },
    seal,
    finish() {
      try {
        seal();
        renameSync(temporary, path);
      } finally {
        discard();
      }
    },
    discard,
    jsonParts: () => [...types].flatMap(([name, type]) => jsonParts(name, type)),
  };
}

function writeTable(path: string, lines: string, types: ReadonlyMap<string, ColumnType>): void {
  const columns = [...types].filter(([, type]) => !isEmpty(type));
  const writer = fileWriter(path);
  const table = new ParquetWriter({
    writer,
    createdBy: "@videor1/data-tools",
    schema: [
      { name: "root", num_children: columns.length },
      ...columns.flatMap(([name, type]) => schemaElements(name, type)),
    ],
  });
  for (const rows of groupsOf(lines, groupRows)) {
    const columnData = columns.map(([name, type]) => ({
      name,
      data: rows.map((row) => parquetValue(ownField(row, name), type)),
    }));
    void table.write({ columnData, rowGroupSize: rows.length });
  }
  void table.finish();
  const file = openSync(path, "r+");
  fsyncSync(file);
  closeSync(file);
}

function sha256(path: string): string {
  const hash = createHash("sha256");
  const file = openSync(path, "r");
  const chunk = Buffer.alloc(1 << 20);
  try {
    for (let count = readSync(file, chunk); count > 0; count = readSync(file, chunk))
      hash.update(chunk.subarray(0, count));
  } finally {
    closeSync(file);
  }
  return hash.digest("hex");
}

function* groupsOf(path: string, size: number): Generator<Record<string, unknown>[]> {
  let rows: Record<string, unknown>[] = [];
  for (const line of linesOf(path)) {
    rows.push(JSON.parse(line) as Record<string, unknown>);
    if (rows.length < size) continue;
    yield rows;
    rows = [];
  }
  if (rows.length > 0) yield rows;
}

function* linesOf(path: string): Generator<string> {
  const file = openSync(path, "r");
  const chunk = Buffer.alloc(1 << 20);
  let rest: Buffer[] = [];
  try {
    for (let count = readSync(file, chunk); count > 0; count = readSync(file, chunk)) {
      let from = 0;
      for (let to = chunk.indexOf(10); to >= 0 && to < count; to = chunk.indexOf(10, from)) {
        yield Buffer.concat([...rest, chunk.subarray(from, to)]).toString();
        rest = [];
        from = to + 1;
      }
      rest.push(Buffer.from(chunk.subarray(from, count)));
    }
  } finally {
    closeSync(file);
  }
}
