import { integer, inWords, percentInterval, points, pointsInterval } from "../../words/format.ts";
import { claimOf } from "../claim.ts";
import { type Evaluated, framesInWords, settingTexts } from "../evaluated.ts";
import { pText } from "../tables/reliance-table.ts";
import type { ReportTable } from "../tables/report-table.ts";
import type { ComparedScores, RunComparison } from "./compare-runs.ts";

/** Items that are named where some are left out. */
const named = 5;

/** "after" against "before" by name; by model too where the names are the same. */
export function comparedNames({ before, after }: Pick<RunComparison, "before" | "after">): [string, string] {
  if (before.name !== after.name) return [before.name, after.name];
  const full = ({ name, model }: Evaluated) => `${name} of ${model}`;
  return before.model !== after.model ? [full(before), full(after)] : ["the first", "the second"];
}

/** The tables of a comparison: all items, tasks, frames, settings that differ. */
export function comparisonTables(comparison: RunComparison): ReportTable[] {
  const { all, tasks, frames } = comparison;
  const header = ["items", "n", "clips", ...comparedNames(comparison), "difference", "gained", "lost", "p"];
  const ranges = (rows: readonly ComparedScores[]) => ({
    columns: [3, 4],
    rows: rows.map(({ before, after }) => [before, after]),
  });
  const tables: ReportTable[] = [
    { title: "All items", header, rows: [cellsOf(all)], ranges: ranges([all]), about: aboutAll(comparison) },
    {
      title: "By task",
      header: ["task", ...header.slice(1), "p (Holm)"],
      rows: tasks.map((row) => [...cellsOf(row), pText(row.correctedP)]),
      ranges: ranges(tasks),
      about: [aboutTasks(tasks)],
    },
  ];
  if (frames.length > 0)
    tables.push({
      title: "By frames",
      header: ["frames", ...header.slice(1)],
      rows: frames.map(cellsOf),
      ranges: ranges(frames),
    });
  const differing = settingRows(comparison);
  tables.push({
    title: "Settings that differ",
    header: ["setting", ...comparedNames(comparison)],
    rows: differing,
    left: [0, 1, 2],
    ...(differing.length === 0 && { about: ["The settings are the same."] }),
  });
  return tables;
}

const cellsOf = ({ name, n, clips, before, after, difference, gained, lost, p }: ComparedScores): string[] => [
  name,
  integer(n),
  integer(clips),
  percentInterval(before),
  percentInterval(after),
  pointsInterval(difference),
  integer(gained),
  integer(lost),
  pText(p),
];

function aboutAll(comparison: RunComparison): string[] {
  const { all, scorer, onlyBefore, onlyAfter, otherAnswer } = comparison;
  const [first, second] = comparedNames(comparison);
  const { mean, low, high } = all.difference;
  const interval = `${points(low)} to ${points(high)} points`;
  const claim = {
    few: `Nothing can be said of the difference: it is over ${all.clips} clip${all.clips === 1 ? "" : "s"} alone.`,
    higher: `${second} is better than ${first} by ${points(mean)} points (${interval}).`,
    lower: `${second} is worse than ${first} by ${points(mean)} points (${interval}).`,
    none: `No difference is shown: its interval, ${interval}, includes 0.`,
  };
  return [
    claim[claimOf(all.difference, all.clips)],
    `Mean over items by the scorer ${scorer}, which may be another mean than the benchmark's own number; intervals over clips. Gained: right in ${second} alone; lost: right in ${first} alone; p: McNemar's exact test, which takes the questions for independent.`,
    ...leftOut(`only in ${first}`, onlyBefore),
    ...leftOut(`only in ${second}`, onlyAfter),
    ...leftOut("with another right answer in each", otherAnswer),
  ];
}

function leftOut(where: string, ids: readonly string[]): string[] {
  if (ids.length === 0) return [];
  const more = ids.length > named ? ` and ${integer(ids.length - named)} more` : "";
  return [`Left out, ${where}: ${integer(ids.length)} (${ids.slice(0, named).join(", ")}${more}).`];
}

/** Names a task only where interval and corrected test agree. */
function aboutTasks(tasks: RunComparison["tasks"]): string {
  const differ = tasks.filter(({ difference, clips, gained, lost, correctedP }) => {
    return correctedP < 0.05 && claimOf(difference, clips) === (gained > lost ? "higher" : "lower");
  });
  const family = `Intervals are each task's own; p (Holm) is corrected for ${tasks.length} task${tasks.length === 1 ? "" : "s"}.`;
  if (differ.length === 0) return `${family} No task differs by both.`;
  return `${family} By both, these differ: ${inWords(differ.map(({ name, difference }) => `${name} (${points(difference.mean)})`))}.`;
}

function settingRows({ before, after }: RunComparison): string[][] {
  const [first, second] = [settingsOf(before), settingsOf(after)];
  const keys = [...new Set([...Object.keys(first), ...Object.keys(second)])];
  return keys.filter((key) => first[key] !== second[key]).map((key) => [key, first[key] ?? "", second[key] ?? ""]);
}

function settingsOf(summary: Evaluated): Record<string, string> {
  const { model, evaluation } = summary;
  const { prompt, source, decoding, media, isWhole } = evaluation;
  return {
    ...Object.fromEntries(settingTexts({ ...decoding, ...media })),
    model,
    prompt,
    files: source,
    whole: String(isWhole ?? "not known"),
    frames: framesInWords(summary),
  };
}
