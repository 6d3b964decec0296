/** How a table is written: for a terminal, or for a document. */
export type TableFormat = "plain" | "markdown";

/** Rows of cells under a header. The first column is left-aligned, the others, being numbers, right-aligned. */
export function renderTable(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  format: TableFormat,
): string {
  const widths = header.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]!.length)));
  const pad = (row: readonly string[]) =>
    row.map((cell, column) => (column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)));
  const dashes = widths.map((width) => "-".repeat(width));
  if (format === "plain") {
    return [pad(header), dashes, ...rows.map(pad)].map((cells) => cells.join("  ").trimEnd()).join("\n");
  }
  const rule = dashes.map((dash, column) => (column === 0 ? dash : `${dash.slice(0, -1)}:`));
  return [pad(header), rule, ...rows.map((row) => pad(row.map(escapePipes)))]
    .map((cells) => `| ${cells.join(" | ")} |`)
    .join("\n");
}

function escapePipes(cell: string): string {
  return cell.replaceAll("|", "\\|");
}

/** A share in percent, to one decimal. */
export function percent(share: number): string {
  return (100 * share).toFixed(1);
}
