import { createReadStream } from "node:fs";
import { Transform } from "node:stream";
import { MappingFault, type Row } from "@videor1/curation";
import { parquetRowGroups, type RecordPlace, readLines, readRecords } from "@videor1/data";
import { type Options, parse } from "csv-parse";
import { type BrokenRow, brokenRows, firstLine } from "./broken-row.ts";
import { ConvertError } from "./convert-error.ts";
import type { RowFile } from "./row-file.ts";
import { decodeText, isWindows, type TextEncoding } from "./text-encoding.ts";

/** A row of a file, or why its lines are none. */
export type FoundRow = { place: RecordPlace } & (
  | { row: Row; fault?: never }
  | { row?: never; fault: MappingFault; text: string }
);

/**
 * Yields the rows of a file one by one. A line that is no row is a fault of its own, and the next is read.
 *
 * @throws {ConvertError} If the file as a whole is broken. @throws {DatasetError} The same of JSON and parquet.
 */
export async function* readRows(file: RowFile, columns?: readonly string[]): AsyncGenerator<FoundRow> {
  switch (file.format) {
    case "json":
      for await (const { record, place } of readRecords(file.path)) yield asRow(record, place);
      return;
    case "jsonl":
      yield* jsonRows(file.path);
      return;
    case "parquet":
      yield* parquetRows(file.path, columns);
      return;
    default:
      yield* csvRows(file);
  }
}

function asRow(record: unknown, place: RecordPlace): FoundRow {
  if (typeof record === "object" && record !== null && !Array.isArray(record)) return { row: record as Row, place };
  return { place, fault: new MappingFault("ROW", "is no object with named fields"), text: JSON.stringify(record) };
}

async function* jsonRows(file: string): AsyncGenerator<FoundRow> {
  let line = 0;
  let index = 0;
  for await (const text of readLines(file)) {
    line += 1;
    if (text.trim() === "") continue; // trims a byte order mark too
    const place = { file, index, line };
    index += 1;
    let record: unknown;
    try {
      record = JSON.parse(text.trim());
    } catch (error) {
      yield { place, fault: new MappingFault("ROW", `is not JSON: ${(error as Error).message}`), text };
      continue;
    }
    yield asRow(record, place);
  }
}

async function* parquetRows(file: string, columns: readonly string[] | undefined): AsyncGenerator<FoundRow> {
  let index = 0;
  try {
    for await (const rows of parquetRowGroups(file, columns === undefined ? {} : { columns }))
      for (const row of rows) {
        yield { row, place: { file, index } };
        index += 1;
      }
  } catch (cause) {
    const hint = "Download the file again; one cut short has no table of contents at its end.";
    throw new ConvertError(file, `no parquet file, or a damaged one: ${(cause as Error).message}`, hint, { cause });
  }
}

/** What the parser gives with `info` and `raw`. */
interface ParsedRow {
  record: string[];
  info: { lines: number };
  raw: string;
}

/** A row of cells, the line that it begins on, and what is broken between the row before and it. */
interface CsvRow {
  cells: string[];
  line: number;
  before: BrokenRow[];
}

/** Rows of a CSV file with a header: quoted cells may hold line breaks; a row with other cells than the header is a fault. */
async function* csvRows({ path: file, delimiter, encoding }: RowFile): AsyncGenerator<FoundRow> {
  const broken = brokenRows(delimiter);
  const parser = parse({
    delimiter,
    encoding: isWindows(encoding) ? "utf8" : encoding,
    bom: true,
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
    raw: true,
    on_skip: (error, raw) => broken.add(error!, raw ?? ""),
    on_record: ({ record, info, raw }: ParsedRow): CsvRow => ({
      cells: record,
      line: firstLine(raw, info.lines),
      before: broken.take(),
    }),
  } as Options & { on_record(row: ParsedRow): CsvRow });
  const bytes = createReadStream(file).on("error", (error) => parser.destroy(error));
  (isWindows(encoding) ? bytes.pipe(decoder(encoding)) : bytes).pipe(parser);
  let header: string[] | undefined;
  let index = 0;
  const faults = function* (rows: readonly BrokenRow[]): Generator<FoundRow> {
    for (const { line, raw, fault } of rows) {
      yield { place: { file, index, line }, fault, text: raw };
      index += 1;
    }
  };
  for await (const { cells, line, before } of parser as AsyncIterable<CsvRow>) {
    yield* faults(before);
    if (header === undefined) {
      header = headerOf(file, cells);
      continue;
    }
    const place = { file, index, line };
    index += 1;
    yield rowOf(cells, header, place);
  }
  yield* faults(broken.take());
  if (header === undefined) throw new ConvertError(file, "has no row", "Check the path, and delimiter and encoding.");
}

const decoder = (encoding: TextEncoding): Transform =>
  new Transform({ transform: (chunk: Buffer, _, done) => done(null, decodeText(chunk, encoding)) });

function headerOf(file: string, cells: readonly string[]): string[] {
  const names = cells.map((cell, i) => cell.trim() || `column ${i + 1}`);
  const twin = names.find((name, i) => names.indexOf(name) !== i);
  if (twin === undefined) return names;
  throw new ConvertError(
    file,
    `two columns are called ${JSON.stringify(twin)}`,
    "Give each column of the first line a name of its own.",
  );
}

function rowOf(cells: readonly string[], header: readonly string[], place: RecordPlace): FoundRow {
  const text = cells.join(",");
  const end = cells.findLastIndex((cell) => cell !== "") + 1;
  const fault = (code: string, message: string): FoundRow => ({ place, fault: new MappingFault(code, message), text });
  if (end > header.length || cells.length < header.length)
    return fault("ROW", `has ${cells.length} cells where the first line has ${header.length}: are some not in quotes?`);
  if (text.includes("\ufffd"))
    return fault("ENCODING", "holds bytes that are no UTF-8: say encoding=windows-1252 or utf16le");
  return { row: Object.fromEntries(header.map((name, i) => [name, cells[i]!])), place };
}
