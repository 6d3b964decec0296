import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "yaml";
import { tasks } from "../tasks/index.ts";
import { bundleClient } from "./bundle-client.ts";
import type { About } from "./facts.ts";
import { frameStrip } from "./frames.ts";
import { type GroupView, groupView } from "./group-view.ts";
import { page } from "./page.ts";
import { readRun } from "./read-run.ts";
import type { ReportData } from "./report-data.ts";
import { periods, selectGroups } from "./select-groups.ts";
import { summarise } from "./summarise.ts";
import { terminalTable } from "./terminal-table.ts";

export interface ReportOptions {
  /** Folder with `sft/`, `rl/` and `bench/`, as the apps wrote them. */
  runDir: string;
  /** Folder that the media paths of the records are relative to; default `<runDir>/data`. */
  mediaRoot?: string;
  /** Evaluations, in the order in which the models were trained: file name and label. */
  benches?: readonly { name: string; label: string }[];
  /** Where the page goes; default `<runDir>/report.html`. */
  htmlPath?: string;
  about: About;
}

/** Periods of training that the shown groups are spread over: one group a task and period. */
const periodCount = 4;

const defaultBenches = [
  { name: "sft", label: "after SFT" },
  { name: "rl", label: "after T-GRPO" },
];

/**
 * Makes the report of a finished run: one HTML file that needs nothing else, and the task table for the terminal.
 *
 * @throws {RunFileError} If a file of the run is missing, broken, or does not fit the others.
 */
export async function buildReport({
  runDir,
  mediaRoot = join(runDir, "data"),
  benches = defaultBenches,
  htmlPath = join(runDir, "report.html"),
  about,
}: ReportOptions): Promise<{ htmlPath: string; table: string }> {
  const run = await readRun({
    sftDir: join(runDir, "sft"),
    rlDir: join(runDir, "rl"),
    benchDir: join(runDir, "bench"),
    benches: benches.map(({ name }) => name),
  });
  const temporalTasks = new Set(Object.values(tasks).flatMap(({ name, temporal }) => (temporal ? [name] : [])));
  const summary = summarise(
    run,
    about,
    benches.map(({ label }) => label),
    temporalTasks,
  );
  const times = periods(
    run.rl.map(({ step }) => step),
    periodCount,
  );
  const groups: GroupView[] = [];
  for (const group of selectGroups(run.rollouts, times))
    groups.push(groupView(group, times, await frameStrip(mediaRoot, group)));
  const data: ReportData = { name: about.name, ...summary, periods: times, groups };
  await writeFile(htmlPath, page(data, { configYaml: stringify(about.config), ...(await bundleClient()) }));
  return { htmlPath, table: terminalTable(summary.table) };
}
