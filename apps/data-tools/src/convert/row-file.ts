import { open, readdir, stat } from "node:fs/promises";
import { extname, join } from "node:path";
import { isParquet, naturalOrder } from "@videor1/data";
import { parse } from "csv-parse/sync";
import { ConvertError } from "./convert-error.ts";
import { decodeText, type TextEncoding } from "./text-encoding.ts";

export const fileFormats = ["json", "jsonl", "csv", "tsv", "parquet"] as const;
export type FileFormat = (typeof fileFormats)[number];

/** A file of rows, how it is written, and whether its content said so. */
export interface RowFile {
  path: string;
  format: FileFormat;
  /** Between the cells of a CSV file. */
  delimiter: string;
  /** Of a CSV file. */
  encoding: TextEncoding;
}

export interface RowFileOptions {
  format?: FileFormat | undefined;
  delimiter?: string | undefined;
  /** Default: UTF-16 where the byte order mark says so, else UTF-8. */
  encoding?: TextEncoding | undefined;
}

const ends = [".json", ".jsonl", ".ndjson", ".csv", ".tsv", ".parquet"];

/**
 * The file, or those of a folder in natural order of their names, as the parts that the Hub exports a table in.
 *
 * @throws {ConvertError} If there is none, or a folder has files of several kinds.
 */
export async function dataFiles(from: string): Promise<string[]> {
  const found = await stat(from).catch((cause: Error) => {
    throw new ConvertError(from, `cannot be read: ${cause.message}`, "Check the path.");
  });
  if (!found.isDirectory()) return [from];
  const names = (await readdir(from)).filter((name) => ends.includes(extname(name).toLowerCase()));
  const kinds = [...new Set(names.map((name) => extname(name).toLowerCase()))];
  if (kinds.length !== 1) {
    const reason =
      kinds.length === 0 ? `holds no ${ends.join(", ")} file` : `holds files of several kinds: ${kinds.join(", ")}`;
    throw new ConvertError(from, reason, "Name one file, or a folder with the parts of one table alone.");
  }
  return names.sort(naturalOrder).map((name) => join(from, name));
}

/**
 * How a file is written: by its first bytes, else as the settings say.
 *
 * @throws {ConvertError} If it is empty, or none of the formats.
 */
export async function rowFile(path: string, { format, delimiter, encoding: given }: RowFileOptions): Promise<RowFile> {
  const bytes = await headOf(path);
  const encoding = given ?? (bytes[0] === 0xff && bytes[1] === 0xfe ? "utf16le" : "utf8");
  const head = decodeText(bytes, encoding).replace(/^\ufeff/, "");
  if (head.trim() === "") throw new ConvertError(path, "is empty", "Check the path.");
  if (bytes.toString("latin1").startsWith("PK\x03\x04"))
    throw new ConvertError(path, "is a spreadsheet or an archive", "Save the sheet as CSV, or unpack the archive.");
  const found = format ?? (await detected(path, head));
  if (found === undefined)
    throw new ConvertError(
      path,
      "is neither JSON, JSON Lines, CSV with a header of two columns or more, nor parquet",
      "Say format=csv and delimiter=…, or convert the file to one of these.",
    );
  const between = delimiter ?? (found === "tsv" ? "\t" : (delimiterOf(head) ?? ","));
  return { path, format: found === "csv" && between === "\t" ? "tsv" : found, delimiter: between, encoding };
}

const headBytes = 1 << 16;

async function headOf(path: string): Promise<Buffer> {
  const file = await open(path).catch((cause: Error) => {
    throw new ConvertError(path, `cannot be read: ${cause.message}`, "Check the path.");
  });
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(headBytes), 0, headBytes, 0);
    return buffer.subarray(0, bytesRead);
  } catch (cause) {
    throw new ConvertError(path, `cannot be read: ${(cause as Error).message}`, "Name a file.", { cause });
  } finally {
    await file.close();
  }
}

async function detected(path: string, head: string): Promise<FileFormat | undefined> {
  if (await isParquet(path)) return "parquet";
  const text = head.trimStart();
  if (text.startsWith("[") || /^\{\s*"results"\s*:\s*\[/.test(text)) return "json";
  if (text.startsWith("{")) return "jsonl";
  return delimiterOf(head) === undefined ? undefined : "csv";
}

/** What parts the header into most columns, of the delimiters that part the next lines into as many. */
function delimiterOf(head: string): string | undefined {
  const found = [",", ";", "\t", "|"].flatMap((delimiter) => {
    const rows = headRows(head, delimiter);
    const columns = rows[0]?.length ?? 0;
    return columns > 1
      ? [{ delimiter, columns, like: rows.filter((row) => row.length === columns).length / rows.length }]
      : [];
  });
  return found.sort((a, b) => b.like - a.like || b.columns - a.columns)[0]?.delimiter;
}

/** The first rows that are whole. */
function headRows(head: string, delimiter: string): string[][] {
  const options = { delimiter, relax_column_count: true, skip_empty_lines: true, to: 20 };
  for (let text = head; text !== ""; text = text.slice(0, text.lastIndexOf("\n", Math.floor(text.length / 2)) + 1))
    try {
      const rows: string[][] = parse(text, { ...options, relax_quotes: true });
      return rows.length > 1 && head.length > headBytes / 4 ? rows.slice(0, -1) : rows; // the last may be cut
    } catch {
      // the head ends inside a quoted cell: with fewer lines it may not
    }
  return [];
}
