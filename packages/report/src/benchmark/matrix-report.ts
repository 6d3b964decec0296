import { percent, type TableOptions } from "@videor1/cli";
import type { Disagreement, Reading, ScoreMatrix, ScorerColumn } from "@videor1/eval";
import { decimal } from "../shared/units.ts";
import { integer } from "../words/format.ts";
import { tableText } from "./tables/report-table.ts";

export interface MatrixReportOptions {
  title: string;
  format?: NonNullable<TableOptions["format"]>;
  /** Disagreements shown at most; default 20. */
  most?: number;
}

/** The same outputs by several scorers, as text: their scores, what they leave out, and where they disagree. */
export function matrixReport(matrix: ScoreMatrix, { title, format = "plain", most = 20 }: MatrixReportOptions): string {
  const { scorers, disagreements, n, label } = matrix;
  const statuses = [...new Set(scorers.flatMap((column) => Object.keys(statusCounts(column))))];
  const scores = tableText(
    {
      title,
      header: ["scorer", "score", "items", "of all", ...statuses],
      rows: scorers.map((column) => [
        column.name,
        share(column.headline),
        share(column.mean),
        percent(column.meanOfAll),
        ...statuses.map((status) => integer(statusCounts(column)[status] ?? 0)),
      ]),
      about: [
        `score: ${label}, of the items that a scorer gives one; items: their mean; of all: over all ${integer(n)}, an item without one counting 0.`,
        ...spreadLine(matrix),
      ],
    },
    format,
  );
  if (Math.min(disagreements.length, most) === 0) return [heading(title, format), scores].join("\n\n");
  const shown = disagreements.slice(0, most);
  const rest = disagreements.length - shown.length;
  const items = tableText(
    {
      title: "Disagreements",
      header: ["item", "gold", "output", ...scorers.map(({ name }) => name)],
      rows: shown.map((one) => disagreementRow(one, scorers)),
      left: Array.from({ length: scorers.length + 3 }, (_, i) => i),
      about: rest > 0 ? [`And ${integer(rest)} more.`] : [],
    },
    format,
  );
  return [heading(title, format), scores, items].join("\n\n");
}

const share = (value: number | null): string => (value === null ? "–" : percent(value));

const heading = (title: string, format: string): string => (format === "markdown" ? `## ${title}` : title);

/** Counts by status; exceptions by their names together. */
function statusCounts({ statuses }: ScorerColumn): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const [status, count] of Object.entries(statuses)) {
    const name = status.startsWith("error:") ? "error" : status;
    counts[name] = (counts[name] ?? 0) + count;
  }
  return counts;
}

function spreadLine({ spread, disagreements, n }: ScoreMatrix): string[] {
  if (spread === null) return [];
  const points = decimal(100 * spread.difference, 1);
  const share = percent(disagreements.length / n);
  return [
    `${points} points lie between ${spread.lowest} and ${spread.highest}; the scorers disagree on ${integer(disagreements.length)} of ${integer(n)} items (${share} %).`,
  ];
}

function disagreementRow({ id, gold, output, readings }: Disagreement, scorers: readonly ScorerColumn[]): string[] {
  return [
    id,
    shortened(gold, 20),
    output === null ? "–" : shortened(JSON.stringify(output), 48),
    ...scorers.map(({ name }) => readingText(readings[name])),
  ];
}

/** `C ✓`, `B ✗`, `.4` of a number, and why there is no score. */
function readingText(reading: Reading | undefined): string {
  if (reading === undefined) return "–";
  const { score, extracted, status } = reading;
  const said = extracted === null || extracted === undefined ? "" : `${shortened([extracted].flat().join(" | "), 20)} `;
  if (score === null) return `${said}${status ?? "none"}`;
  const mark = score === 1 ? "✓" : score === 0 ? "✗" : decimal(score, 2);
  return status === undefined ? said + mark : `${said}${mark} ${status}`;
}

/** A text of at most so many characters, the last an ellipsis if it was longer. */
function shortened(text: string, most: number): string {
  const characters = [...text];
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join("")}…`;
}
