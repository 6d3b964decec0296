import { percent } from "@videor1/cli";
import { decimal } from "../../shared/units.ts";
import { integer, inWords } from "../../words/format.ts";
import type { Evaluated } from "../evaluated.ts";
import type { ReportTable } from "./report-table.ts";

/** What keeps a reading from being a plain score, as columns. Every `error:X` is in the last. */
const statusColumns = ["scored", "unparsed", "unjudged", "judge", "dropped", "random", "unmatched", "error"];

/** The same outputs by every scorer: its score, and how its readings ended, with what their differences come to. */
export function scorerTable({ evaluation }: Evaluated): ReportTable {
  const { scorers, mainScorer, disagreements, outcomes } = evaluation;
  const entries = Object.entries(scorers);
  const counts = entries.map(([, { statuses }]) => byColumn(statuses));
  const columns = statusColumns.filter((column) => counts.some((count) => count.has(column)));
  const rows = entries.map(([name, { mean }], i) => [
    name === mainScorer ? `${name} (main)` : name,
    mean === null ? "–" : percent(mean),
    ...columns.map((column) => integer(counts[i]!.get(column) ?? 0)),
  ]);
  const items = Object.values(outcomes).reduce((sum, count) => sum + count, 0);
  return {
    title: "One output, several scorers",
    header: ["scorer", "score", ...columns],
    rows,
    about:
      entries.length < 2 ? errorsOf(evaluation) : [spread(evaluation, disagreements, items), ...errorsOf(evaluation)],
  };
}

function byColumn(statuses: Readonly<Record<string, number>>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const [status, count] of Object.entries(statuses)) {
    const column = status.startsWith("error") ? "error" : status;
    if (count > 0) counts.set(column, (counts.get(column) ?? 0) + count);
  }
  return counts;
}

function spread({ scorers }: Evaluated["evaluation"], disagreements: number, items: number): string {
  const means = Object.entries(scorers).flatMap(([name, { mean }]) => (mean === null ? [] : [{ name, mean }]));
  means.sort((a, b) => a.mean - b.mean);
  const [lowest, highest] = [means[0], means.at(-1)];
  const share = items > 0 ? ` (${percent(disagreements / items)} %)` : "";
  const disagree = `They disagree on ${integer(disagreements)} of ${integer(items)} items${share}.`;
  if (lowest === undefined || highest === undefined || lowest === highest) return disagree;
  const points = decimal(100 * (highest.mean - lowest.mean), 1);
  return `${points} points lie between ${lowest.name} (${percent(lowest.mean)}) and ${highest.name} (${percent(highest.mean)}), each over the items that it scores. ${disagree}`;
}

/** What ended a harness: its own exceptions, by name. */
function errorsOf({ scorers }: Evaluated["evaluation"]): string[] {
  return Object.entries(scorers).flatMap(([name, { statuses }]) => {
    const errors = Object.entries(statuses).filter(([status, count]) => status.startsWith("error:") && count > 0);
    if (errors.length === 0) return [];
    const counts = errors.map(([status, count]) => `${status.slice("error:".length)} (${integer(count)})`);
    return [`${name} would have ended with ${inWords(counts)}.`];
  });
}
