import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { tasks } from "@videor1/miniature";
import { bundleClient } from "./bundle-client.ts";
import { type FrameStrip, frameStrip } from "./frames.ts";
import { type GroupView, groupView } from "./group-view.ts";
import { renderPage } from "./render-page.ts";
import type { ReportData } from "./report-data.ts";
import { periods, selectGroups } from "./select-groups.ts";
import type { Study } from "./study.ts";
import { summarise } from "./summarise.ts";
import { terminalTable } from "./terminal-table.ts";

export interface ReportOptions {
  title: string;
  /** Where the page goes. */
  page: string;
}

/** Periods of training that the shown groups are spread over. */
const periodCount = 4;
/** About how many groups are shown. */
const shownGroups = 192;

const temporalTasks: ReadonlySet<string> = new Set(
  Object.values(tasks).flatMap(({ name, temporal }) => (temporal ? [name] : [])),
);

/**
 * Makes the report of a study: one HTML file that needs nothing else, and the task table for the terminal, where there were
 * evaluations. Rollouts are shown of one run an arm, of the same seed as far as there is one.
 *
 * @throws {RunFileError} If media are missing, or the files do not fit one another.
 */
export async function buildReport(study: Study, { title, page }: ReportOptions): Promise<{ table: string | null }> {
  const summary = summarise(study, temporalTasks);
  const { seed } = study.arms[0]!.runs[0]!;
  const runs = study.arms.map((arm) => arm.runs.find((run) => run.seed === seed) ?? arm.runs[0]!);
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
  const groups: GroupView[] = [];
  for (const found of picked) {
    const { config, scoring } = runs[found.arm]!;
    const { mediaRoot } = config.data.media;
    const file = join(mediaRoot, found.group.path);
    if (!stripOf.has(file)) stripOf.set(file, strips.push(await frameStrip(mediaRoot, found.group)) - 1);
    groups.push(groupView(found, scoring, times, stripOf.get(file)!));
  }
  const data: ReportData = { title, ...summary, periods: times, groups, strips };
  const configs = Object.fromEntries([
    ...(study.sft ? [["SFT", study.sft.yaml]] : []),
    ...study.arms.map(({ name }, i) => [name, runs[i]!.yaml]),
  ]);
  await writeFile(page, renderPage(data, { configs, ...(await bundleClient()) }));
  return { table: summary.table && terminalTable(summary.table) };
}
