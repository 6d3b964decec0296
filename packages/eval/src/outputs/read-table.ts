/**
 * The rows of a table in text: fields in double quotes may hold separators and line breaks, and `""` in them is a quote.
 *
 * @throws {RangeError} If a quote is never closed: what follows it would be one field.
 */
export function readTable(text: string, separator: "\t" | ","): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  while (at < text.length) {
    const [field, end] = text[at] === '"' ? quoted(text, at, separator) : bare(text, at, separator);
    row.push(field);
    at = end + 1;
    if (text[end] === separator && at < text.length) continue;
    if (text[end] === separator) row.push("");
    if (text[end] === "\r" && text[at] === "\n") at++;
    rows.push(row);
    row = [];
  }
  return rows;
}

/** A field in quotes, with what stands behind them, and the index behind it. */
function quoted(text: string, start: number, separator: string): [field: string, end: number] {
  let field = "";
  for (let at = start + 1; ; ) {
    const quote = text.indexOf('"', at);
    if (quote < 0) throw new RangeError(`the quote that opens in line ${lineOf(text, start)} is never closed`);
    field += text.slice(at, quote);
    if (text[quote + 1] !== '"') {
      const [rest, end] = bare(text, quote + 1, separator);
      return [field + rest, end];
    }
    field += '"';
    at = quote + 2;
  }
}

function bare(text: string, start: number, separator: string): [field: string, end: number] {
  let end = start;
  while (end < text.length && text[end] !== separator && text[end] !== "\n" && text[end] !== "\r") end++;
  return [text.slice(start, end), end];
}

const lineOf = (text: string, index: number): number => text.slice(0, index).split("\n").length;
