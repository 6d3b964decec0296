import { MappingFault } from "@videor1/curation";
import type { CsvError } from "csv-parse";

/** Lines of a CSV file that are no row: where they begin, and their text, of a stray quote up to it. */
export interface BrokenRow {
  line: number;
  raw: string;
  fault: MappingFault;
}

const lineBreak = /\r\n|\n|\r/g;

/** The line that a row begins on, of that which it ends on; line breaks around it do not count. */
export const firstLine = (raw: string, last: number): number => last - breaksIn(raw.trim());

const breaksIn = (text: string): number => text.match(lineBreak)?.length ?? 0;

/** Collects what the parser says of rows that are none; of one row it may say several things, of which the last sees the whole. */
export function brokenRows(delimiter: string) {
  let seen: { error: CsvError; raw: string; line: number }[] = [];
  return {
    add(error: CsvError, whole: string): void {
      const raw = whole.replace(/(\r\n|\n|\r)$/, ""); // the parser counts a line break with the character behind it
      const line = (error as { lines?: number }).lines ?? 0;
      const last = seen.at(-1);
      const isSame =
        last !== undefined && raw.startsWith(last.raw) && breaksIn(raw) - breaksIn(last.raw) === line - last.line;
      seen.splice(isSame ? -1 : seen.length, isSame ? 1 : 0, { error, raw, line });
    },
    /** Those since the last call. */
    take(): BrokenRow[] {
      const rows = seen.map(({ error, raw, line }): BrokenRow => {
        const text = raw.trimStart();
        const first = line - breaksIn(text);
        return { line: first, raw: text, fault: faultOf(error, text, first, delimiter) };
      });
      seen = [];
      return rows;
    },
  };
}

function faultOf(error: CsvError, raw: string, first: number, delimiter: string): MappingFault {
  const open = openQuote(raw, delimiter);
  const line = first + breaksIn(raw.slice(0, open));
  const behind = breaksIn(raw.slice(open).trimEnd());
  if (error.code === "CSV_INVALID_CLOSING_QUOTE" && behind > 0)
    return new MappingFault(
      "ROW",
      `is no row of CSV: the quote that opens in line ${line} is still open in line ${line + behind}, where the next one stands`,
    );
  if (error.code !== "CSV_QUOTE_NOT_CLOSED") return new MappingFault("ROW", `is no row of CSV: ${error.message}`);
  return new MappingFault(
    "QUOTE",
    `the quote that opens in line ${line} is never closed and swallows ${behind === 1 ? "the line" : `${behind} lines`} behind it: close it, or double it if it belongs to the text`,
  );
}

/** Where the quote stands that nothing closes, read as the parser does. */
function openQuote(raw: string, delimiter: string): number {
  const isEnd = (char: string | undefined) =>
    char === undefined || char === delimiter || char === "\n" || char === "\r";
  let open = -1;
  for (let i = raw.indexOf('"'); i >= 0; i = raw.indexOf('"', i + 1)) {
    if (open < 0) {
      if (isEnd(raw[i - 1])) open = i;
    } else if (raw[i + 1] === '"') i += 1;
    else if (i + 1 < raw.length && isEnd(raw[i + 1])) open = -1;
  }
  return Math.max(open, 0);
}
