import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { tasks } from "../tasks/index.ts";
import { bundleClient } from "./bundle-client.ts";
import { type FrameStrip, frameStrip } from "./frames.ts";
import { groupView } from "./group-view.ts";
import { renderPage } from "./render-page.ts";
import type { ReportData } from "./report-data.ts";
import { periods, selectGroups } from "./select-groups.ts";
import { readMainJob } from "./study.ts";
import { summarise } from "./summarise.ts";
import { terminalTable } from "./terminal-table.ts";

export interface ReportOptions {
  /** Folder with `sft/`, `rl/<arm>/` and `bench/`, as the main job wrote them. */
  runDir: string;
  arms: readonly string[];
  /** Default "Video-R1 in miniature". */
  title?: string;
  /** Where the page goes; default `<runDir>/report.html`. */
  page?: string;
}

/** Periods of training that the shown groups are spread over. */
const periodCount = 4;
/** About how many groups are shown. */
const shownGroups = 192;

const temporalTasks: ReadonlySet<string> = new Set(
  Object.values(tasks).flatMap(({ name, temporal }) => (temporal ? [name] : [])),
);

/**
 * Makes the report of a finished run: one HTML file that needs nothing else, and the task table for the terminal.
 *
 * @throws {RunFileError} If a file of the run is missing, broken, or does not fit the others.
 */
export async function buildReport({
  runDir,
  arms,
  title = "Video-R1 in miniature",
  page = join(runDir, "report.html"),
}: ReportOptions): Promise<{ page: string; table: string }> {
  const study = await readMainJob(runDir, arms);
  const summary = summarise(study, temporalTasks);
  const runs = study.arms.map((arm) => arm.runs[0]!);
  const times = periods(
    runs.flatMap(({ steps }) => steps.map(({ step }) => step)),
    periodCount,
  );
  const picked = selectGroups(
    runs.map(({ rollouts }) => rollouts),
    times,
    shownGroups,
  );
  const stripOf = new Map<string, number>();
  const strips: FrameStrip[] = [];
  for (const { arm, group } of picked) {
    if (stripOf.has(group.path)) continue;
    stripOf.set(group.path, strips.length);
    strips.push(await frameStrip(runs[arm]!.config.data.media.mediaRoot, group));
  }
  const groups = picked.map((found) =>
    groupView(found, runs[found.arm]!.scoring, times, stripOf.get(found.group.path)!),
  );
  const data: ReportData = { title, ...summary, periods: times, groups, strips };
  const configs = { SFT: study.sft.yaml, ...Object.fromEntries(arms.map((name, i) => [name, runs[i]!.yaml])) };
  await writeFile(page, renderPage(data, { configs, ...(await bundleClient()) }));
  return { page, table: terminalTable(summary.table) };
}
