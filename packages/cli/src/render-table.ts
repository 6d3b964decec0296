export interface TableOptions {
  /** "plain" for a terminal, "markdown" for a document. Default "plain". */
  format?: "plain" | "markdown";
  /** Indices of left-aligned columns; the others are right-aligned. Default the first alone. */
  left?: readonly number[];
  /** Rows below a second rule, in a plain table. */
  totals?: readonly (readonly string[])[];
}

/**
 * A table as text: a header, a rule, and one line a row; a line break in a cell is a space.
 *
 * @param header - null: a plain table of rows alone.
 */
export function renderTable(
  header: readonly string[] | null,
  rows: readonly (readonly string[])[],
  { format = "plain", left = [0], totals = [] }: TableOptions = {},
): string {
  const escaped = (row: readonly string[]) =>
    row.map((cell) => {
      const line = cell.replace(/\s*[\r\n\u2028\u2029]\s*/g, " ");
      return format === "markdown" ? line.replaceAll("|", "\\|") : line;
    });
  const lines = [...(header ? [header] : []), ...rows, ...totals].map(escaped);
  const least = header ? 3 : 0; // width of a rule
  const widths = (lines[0] ?? []).map((_, column) => Math.max(least, ...lines.map((row) => row[column]!.length)));
  const padded = lines.map((row) =>
    row.map((cell, column) => (left.includes(column) ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!))),
  );
  const dashes = widths.map((width) => "-".repeat(width));
  if (format === "markdown") {
    const rule = dashes.map((dash, column) => (left.includes(column) ? dash : `${dash.slice(1)}:`));
    padded.splice(1, 0, rule);
    return padded.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
  }
  if (totals.length > 0) padded.splice(padded.length - totals.length, 0, dashes);
  if (header) padded.splice(1, 0, dashes);
  return padded.map((cells) => cells.join("  ").trimEnd()).join("\n");
}
