import { writeFile } from "node:fs/promises";
import type { GradedPredictionLine } from "@videor1/runs";
import { bundleClient } from "../bundle-client.ts";
import type { BenchmarkRun } from "./benchmark-run.ts";
import type { RunComparison } from "./compare/compare-runs.ts";
import { evaluated } from "./evaluated.ts";
import type { BenchmarkData, ItemChange } from "./page/benchmark-data.ts";
import { clipCollector, itemView } from "./page/item-view.ts";
import { renderBenchmarkPage } from "./page/render-benchmark-page.ts";
import { type FrameDecoder, shownFrames } from "./page/shown-frames.ts";

export interface BenchmarkPageOptions {
  title: string;
  /** File of the page. */
  page: string;
  /** Decodes what the model saw of an item, for small pictures; default: indices and times alone. */
  frames?: FrameDecoder;
  /** Clips with pictures, spread evenly over all. Default 200. */
  mostClips?: number;
  /** Of the runs: a section of its own, and a filter of the items that only one of them has right. */
  comparison?: RunComparison;
}

/**
 * Writes one self-contained HTML page of evaluations on benchmarks: the tables of the report, and every item with its output,
 * what each scorer read, and the frames that were seen. It loads nothing, and what a model wrote stays text.
 *
 * @throws {RunFileError} If a summary is not of a benchmark.
 */
export async function benchmarkPage(
  runs: readonly BenchmarkRun[],
  { title, page, frames, mostClips = 200, comparison }: BenchmarkPageOptions,
): Promise<void> {
  const summaries = runs.map(({ summary }) => evaluated(summary));
  const { clips, indexOf } = clipCollector();
  const changes = new Map<string, ItemChange>([
    ...(comparison?.gainedIds ?? []).map((id) => [id, "gained"] as const),
    ...(comparison?.lostIds ?? []).map((id) => [id, "lost"] as const),
  ]);
  const firstOf: GradedPredictionLine[] = [];
  const items = runs.flatMap(({ items }, run) =>
    items.map((item) => {
      const at = indexOf(item);
      if (at !== undefined) firstOf[at] ??= item;
      return itemView(item, { run, clips: at, change: changes.get(String(item.problemId)) });
    }),
  );
  const data: BenchmarkData = {
    title,
    runs: summaries.map(({ name, evaluation: { mainScorer } }) => ({ name, mainScorer })),
    items,
    clips,
    frames: frames === undefined ? {} : await shownFrames(clips, firstOf, frames, mostClips),
  };
  await writeFile(page, renderBenchmarkPage(summaries, data, { comparison, client: await bundleClient("benchmark") }));
}
