import { writeFile } from "node:fs/promises";
import { bundleClient } from "./bundle-client.ts";
import type { ReportNotes } from "./notes.ts";
import { renderPage } from "./page/render-page.ts";
import type { Study } from "./read/study.ts";
import type { ReportData } from "./report-data.ts";
import type { FrameStrip } from "./rollouts/frame-strip.ts";
import { frameStrip } from "./rollouts/frames.ts";
import { type GroupView, groupView } from "./rollouts/group-view.ts";
import { periods, selectGroups } from "./rollouts/select-groups.ts";
import { allTraits } from "./rollouts/traits.ts";
import { summarise } from "./summarise.ts";
import { terminalTable } from "./tables/terminal-table.ts";

export interface ReportOptions {
  title: string;
  /** File of the page. */
  page: string;
  /** Words and curves about the data set. */
  notes?: ReportNotes;
}

/** Periods of training that the shown groups are spread over. */
const periodCount = 4;
/** Number of groups that are shown, about. */
const shownGroups = 192;

/**
 * Makes the report of a study: one self-contained HTML file, and the task table for the terminal if there are evaluations.
 * The rollouts shown are those of one run an arm, of the same seed if possible.
 *
 * @throws {RunFileError} If media are missing, or the files disagree.
 */
export async function buildReport(
  study: Study,
  { title, page, notes = {} }: ReportOptions,
): Promise<{ table: string | null }> {
  const summary = summarise(study, notes);
  const { seed } = study.arms[0]!.runs[0]!;
  const runs = study.arms.map((arm) => arm.runs.find((run) => run.seed === seed) ?? arm.runs[0]!);
  const times = periods(
    runs.flatMap(({ steps }) => steps.map(({ step }) => step)),
    periodCount,
  );
  const picked = selectGroups(runs, times, shownGroups);
  const traits = allTraits(notes.traits ?? []);
  const stripOf = new Map<string, number>();
  const strips: FrameStrip[] = [];
  const groups: GroupView[] = [];
  for (const found of picked) {
    const { config, scoring } = runs[found.arm]!;
    const { mediaRoot } = config;
    const { path, media, frameIndices } = found.group;
    const frames = JSON.stringify([mediaRoot, path, media, frameIndices]);
    if (!stripOf.has(frames)) stripOf.set(frames, strips.push(await frameStrip(mediaRoot, found.group)) - 1);
    groups.push(groupView(found, scoring, times, stripOf.get(frames)!, traits));
  }
  const data: ReportData = {
    title,
    ...summary,
    periods: times,
    traits: traits.map(({ name }) => name),
    groups,
    strips,
  };
  const configs = Object.fromEntries([
    ...(study.sft ? [["SFT", study.sft.yaml]] : []),
    ...study.arms.map(({ name }, i) => [name, runs[i]!.yaml]),
  ]);
  await writeFile(page, renderPage(data, { configs, ...(await bundleClient("runs")) }));
  return { table: summary.table && terminalTable(summary.table) };
}
