/** How a table is written: for a terminal, or for a document. */
export type TableFormat = "plain" | "markdown";

/** Rows of cells under a header. The first column is left-aligned, the others, being numbers, right-aligned. */
export function renderTable(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  format: TableFormat,
): string {
  const lines = [header, ...rows].map((row) => (format === "markdown" ? row.map(escapePipes) : row));
  const widths = header.map((_, column) => Math.max(3, ...lines.map((row) => row[column]!.length)));
  const [title, ...body] = lines.map((row) =>
    row.map((cell, column) => (column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!))),
  );
  const dashes = widths.map((width) => "-".repeat(width));
  if (format === "plain") return [title!, dashes, ...body].map((cells) => cells.join("  ").trimEnd()).join("\n");
  const rule = dashes.map((dash, column) => (column === 0 ? dash : `${dash.slice(1)}:`));
  return [title!, rule, ...body].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

function escapePipes(cell: string): string {
  return cell.replaceAll("|", "\\|");
}

/** A share in percent, to one decimal. */
export function percent(share: number): string {
  return (100 * share).toFixed(1);
}
