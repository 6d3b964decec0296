import type { MediaItem } from "@videor1/data";
import type { BenchmarkName } from "./benchmark-name.ts";
import type { ExpectedCounts } from "./expected-counts.ts";
import type { Headline } from "./headline.ts";
import type { BenchmarkItem } from "./item.ts";
import type { OfficialFile } from "./official-file.ts";
import type { BenchmarkPrompts } from "./prompts/prompt.ts";
import type { PublishedScore } from "./published.ts";
import type { RecordReader } from "./record-reader.ts";

/** How a benchmark's records become one number: mean accuracy, or the mean of mean accuracy and mean relative accuracy. */
export type BenchmarkMetric = "accuracy" | "accuracy and mra";

/** Where a benchmark comes from. */
export interface BenchmarkSource {
  /** The data set on the Hugging Face Hub, whose layout the names of files and media are of. */
  dataset: string;
  /** The authors' repository and the commit that formats and counts were read at. */
  repository: string;
  revision: string;
  /** As the data set's card states it. */
  licence: string;
  /** The Hub asks for consent before a download. */
  gated?: true;
}

/** A benchmark: where its files are, how they are read, what is reported. */
export interface Benchmark {
  name: BenchmarkName;
  title: string;
  /** Name of its records in Video-R1/Video-R1-eval; undefined where that has none. */
  recordsFile: string | undefined;
  metric: BenchmarkMetric;
  /** Scores that the paper and others report. */
  published: readonly PublishedScore[];
  source: BenchmarkSource;
  /** The official files that hold its records. */
  files: readonly OfficialFile[];
  /** What they hold at that revision; other counts are an error unless they are allowed. Undefined: any number will do. */
  expected: ExpectedCounts | undefined;
  /** How the scores of items become the number that the benchmark is known by. */
  headline: Headline;
  /** Where else releases have an item's first video or image, by preference, beside the place that the item names. */
  otherMedia?: (item: BenchmarkItem) => readonly MediaItem[];
  /** Where an item's subtitles are, relative to the folder of the media. */
  subtitlesOf?: (item: BenchmarkItem) => string | undefined;
  /** By name, beside `video-r1`, which all benchmarks have. */
  prompts: BenchmarkPrompts;
  /** One official record to an item, or what is wrong with it. */
  readRecord: RecordReader;
}
