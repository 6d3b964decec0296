import { readFileSync } from "node:fs";
import { extname } from "node:path";
import { isJsonRecord, type OutputRow } from "./output-row.ts";
import { formsHint, OutputsFileError } from "./outputs-error.ts";
import { readTable } from "./read-table.ts";
import { readXlsx } from "./read-xlsx.ts";
import { recordRow } from "./record-row.ts";

/** A record and its line. */
type Found = [record: unknown, line: number];

/**
 * The outputs in a file of any form that we know, in its order: JSON lines, a JSON list (or an object whose `results` is
 * one), tables as .xlsx, .tsv or .csv with a line of names.
 *
 * @throws {OutputsFileError} If the file cannot be read, or a record is of no known form.
 */
export function readOutputs(file: string): OutputRow[] {
  const found = foundIn(file);
  if (found.length === 0) throw new OutputsFileError({ file }, "holds no output", formsHint);
  return found.map(([record, line]) => {
    const row = isJsonRecord(record) ? recordRow(record, { file, line }) : undefined;
    if (row !== undefined) return row;
    const names = isJsonRecord(record) ? Object.keys(record).slice(0, 12).join(", ") : typeof record;
    throw new OutputsFileError({ file, line }, `is no output of a model (its fields: ${names})`, formsHint);
  });
}

function foundIn(file: string): Found[] {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (cause) {
    throw new OutputsFileError({ file }, "cannot be read", "Give the path of a file.", { cause });
  }
  switch (extname(file).toLowerCase()) {
    case ".xlsx":
      return tableRecords(sheetOf(bytes, file), file);
    case ".tsv":
      return textRecords(bytes, "\t", file);
    case ".csv":
      return textRecords(bytes, ",", file);
    case ".jsonl":
    case ".json":
      return jsonRecords(bytes.toString("utf8"), file);
    default:
      throw new OutputsFileError({ file }, "its name ends in no form that we know", formsHint);
  }
}

function sheetOf(bytes: Buffer, file: string): string[][] {
  try {
    return readXlsx(bytes);
  } catch (cause) {
    const hint = "It should be a spreadsheet; VLMEvalKit also writes .tsv and .json (PRED_FORMAT).";
    throw new OutputsFileError({ file }, `is no .xlsx file: ${(cause as Error).message}`, hint, { cause });
  }
}

const tableHint = "Write the table again, with fields in double quotes that hold separators, quotes or line breaks.";

/** A table of text, whose rows have a field for each name; blank lines are none. */
function textRecords(bytes: Buffer, separator: "\t" | ",", file: string): Found[] {
  let rows: string[][];
  try {
    rows = readTable(bytes.toString("utf8"), separator);
  } catch (cause) {
    throw new OutputsFileError({ file }, (cause as Error).message, tableHint, { cause });
  }
  const size = rows[0]?.length;
  const isBlank = (row: readonly string[]): boolean => row.length === 1 && row[0] === "";
  const odd = rows.findIndex((row) => row.length !== size && !isBlank(row));
  if (odd >= 0) {
    const problem = `has ${rows[odd]!.length} fields, and the table ${size} columns`;
    throw new OutputsFileError({ file, line: odd + 1 }, problem, tableHint);
  }
  return tableRecords(rows, file).filter((_, i) => size === 1 || !isBlank(rows[i + 1]!));
}

function tableRecords([names, ...rows]: string[][], file: string): Found[] {
  if (names === undefined) throw new OutputsFileError({ file }, "holds no line of names", formsHint);
  const twice = names.find((name, i) => name !== "" && names.indexOf(name) !== i);
  if (twice !== undefined) throw new OutputsFileError({ file }, `has two columns ${twice}`, "Leave one of them out.");
  return rows.map((row, i) => [Object.fromEntries(names.map((name, column) => [name, row[column] ?? ""])), i + 2]);
}

/** A whole JSON value, or one a line. */
function jsonRecords(text: string, file: string): Found[] {
  const whole = file.endsWith(".jsonl") ? undefined : parsed(text);
  if (whole === undefined && !file.endsWith(".jsonl") && /^\s*\[/.test(text))
    throw new OutputsFileError({ file }, "is no JSON", "Was the file cut short? Write or copy it again.");
  if (whole !== undefined) {
    const list = isJsonRecord(whole) && Array.isArray(whole.results) ? whole.results : whole;
    return (Array.isArray(list) ? list : [list]).map((record, i) => [record, i + 1]);
  }
  return text.split("\n").flatMap((line, i): Found[] => {
    if (line.trim() === "") return [];
    const record = parsed(line);
    if (record !== undefined) return [[record, i + 1]];
    throw new OutputsFileError({ file, line: i + 1 }, "is no JSON", "Was the file cut short? Remove the broken line.");
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
