import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ScoreOptions } from "@videor1/tgrpo";
import { tasks } from "../tasks/index.ts";
import { bundleClient } from "./bundle-client.ts";
import { frameStrip } from "./frames.ts";
import { type GroupView, groupView } from "./group-view.ts";
import { readRun } from "./read-run.ts";
import { renderPage } from "./render-page.ts";
import type { ReportData } from "./report-data.ts";
import { periods, selectGroups } from "./select-groups.ts";
import { summarise } from "./summarise.ts";
import { terminalTable } from "./terminal-table.ts";

export interface ReportOptions {
  /** Folder with `sft/`, `rl/` and `bench/`, as the apps wrote them. */
  runDir: string;
  /** How the answers were scored in RL. */
  scoring: ScoreOptions;
  /** Default "Video-R1 in miniature". */
  title?: string;
  /** Folder that the media paths of the records are relative to; default `<runDir>/data`. */
  mediaRoot?: string;
  /** Evaluations, in the order in which the models were trained: file name and label. */
  benches?: readonly { name: string; label: string }[];
  /** Where the page goes; default `<runDir>/report.html`. */
  page?: string;
}

/** Periods of training that the shown groups are spread over: one group a task and period. */
const periodCount = 4;

const defaultBenches = [
  { name: "sft", label: "after SFT" },
  { name: "rl", label: "after RL" },
];

/**
 * Makes the report of a finished run: one HTML file that needs nothing else, and the task table for the terminal.
 *
 * @throws {RunFileError} If a file of the run is missing, broken, or does not fit the others.
 */
export async function buildReport({
  runDir,
  scoring,
  title = "Video-R1 in miniature",
  mediaRoot = join(runDir, "data"),
  benches = defaultBenches,
  page = join(runDir, "report.html"),
}: ReportOptions): Promise<{ page: string; table: string }> {
  const run = await readRun(
    runDir,
    benches.map(({ name }) => name),
  );
  const temporalTasks = new Set(Object.values(tasks).flatMap(({ name, temporal }) => (temporal ? [name] : [])));
  const labels = benches.map(({ label }) => label);
  const summary = summarise(run, scoring, labels, temporalTasks);
  const times = periods(
    run.rl.map(({ step }) => step),
    periodCount,
  );
  const groups: GroupView[] = [];
  for (const group of selectGroups(run.rollouts, times))
    groups.push(groupView(group, times, await frameStrip(mediaRoot, group)));
  const data: ReportData = { title, ...summary, periods: times, groups };
  await writeFile(page, renderPage(data, { configs: run.configs, ...(await bundleClient()) }));
  return { page, table: terminalTable(summary.table) };
}
