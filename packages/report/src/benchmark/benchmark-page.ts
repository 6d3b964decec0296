import { writeFile } from "node:fs/promises";
import type { BenchSummary, GradedPredictionLine } from "@videor1/runs";
import { bundleClient } from "../bundle-client.ts";
import { evaluated } from "./evaluated.ts";
import type { BenchmarkData } from "./page/benchmark-data.ts";
import { clipCollector, itemView } from "./page/item-view.ts";
import { renderBenchmarkPage } from "./page/render-benchmark-page.ts";
import { type FrameDecoder, shownFrames } from "./page/shown-frames.ts";

/** An evaluation on a benchmark: its summary, and its items in their order. */
export interface BenchmarkRun {
  summary: BenchSummary;
  items: readonly GradedPredictionLine[];
}

export interface BenchmarkPageOptions {
  title: string;
  /** File of the page. */
  page: string;
  /** Decodes what the model saw of an item, for small pictures; default: indices and times alone. */
  frames?: FrameDecoder;
  /** Clips with pictures, spread evenly over all. Default 200. */
  mostClips?: number;
}

/**
 * Writes one self-contained HTML page of evaluations on benchmarks: the tables of the report, and every item with its output,
 * what each scorer read, and the frames that were seen. It loads nothing, and what a model wrote stays text.
 *
 * @throws {RunFileError} If a summary is not of a benchmark.
 */
export async function benchmarkPage(
  runs: readonly BenchmarkRun[],
  { title, page, frames, mostClips = 200 }: BenchmarkPageOptions,
): Promise<void> {
  const summaries = runs.map(({ summary }) => evaluated(summary));
  const { clips, indexOf } = clipCollector();
  const firstOf: GradedPredictionLine[] = [];
  const items = runs.flatMap(({ items }, run) =>
    items.map((item) => {
      const at = indexOf(item);
      if (at !== undefined) firstOf[at] ??= item;
      return itemView(item, run, at);
    }),
  );
  const data: BenchmarkData = {
    title,
    runs: summaries.map(({ name, evaluation: { mainScorer } }) => ({ name, mainScorer })),
    items,
    clips,
    frames: frames === undefined ? {} : await shownFrames(clips, firstOf, frames, mostClips),
  };
  await writeFile(page, renderBenchmarkPage(summaries, data, await bundleClient("benchmark")));
}
