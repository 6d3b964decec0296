import type { BenchmarkName } from "./benchmark-name.ts";

/** A model's score in a benchmark as published. */
export interface PublishedScore {
  model: string;
  /** Frames per video in evaluation; null where the source does not say. */
  frames: number | null;
  percent: number;
  source: string;
  /** The part of the benchmark that it is of; absent: what its name says. */
  of?: string;
}

/** A row of a table of results, in percent; a benchmark that the source does not report is absent. */
interface PublishedRow extends Omit<PublishedScore, "percent">, Partial<Record<BenchmarkName, number>> {}

const table1 = "arXiv:2503.21776 table 1";
const table1V4 = "arXiv:2503.21776v4 table 1";
const table2 = "arXiv:2503.21776 table 2";
const table2V4 = "arXiv:2503.21776v4 table 2";
const table3V4 = "arXiv:2503.21776v4 table 3";
const holmes = "TencentARC/Video-Holmes README";
/** Of the entries of a page of leaderboards about Video-R1, whose models, frames and metrics are as vague there. */
const leaderboard = "leaderboard page of Video-R1";

/** Results of the paper, and of users who tried to reproduce it. */
// biome-ignore format: a table
const publishedRows: readonly PublishedRow[] = [
  { model: "GPT-4o", frames: null, "vsi-bench": 34.0, "video-mmmu": 61.2, mmvu: 75.4, "video-mme": 71.9, source: table1 },
  { model: "LLaMA-VID", frames: null, mvbench: 41.9, tempcompass: 45.6, source: table1 },
  { model: "VideoLLaMA2", frames: null, mmvu: 44.8, mvbench: 54.6, "video-mme": 47.9, source: table1 },
  { model: "LongVA-7B", frames: null, "vsi-bench": 29.2, "video-mmmu": 23.9, tempcompass: 56.9, "video-mme": 52.6, source: table1 },
  { model: "VILA-1.5-8B", frames: null, "vsi-bench": 28.9, "video-mmmu": 20.8, tempcompass: 58.8, source: table1 },
  { model: "VILA-1.5-40B", frames: null, "vsi-bench": 31.2, "video-mmmu": 34.0, "video-mme": 60.1, source: table1 },
  { model: "Video-UTR-7B", frames: null, mvbench: 58.8, tempcompass: 59.7, "video-mme": 52.6, source: table1 },
  { model: "LLaVA-OneVision-7B", frames: null, "vsi-bench": 32.4, "video-mmmu": 33.8, mmvu: 49.2, mvbench: 56.7, "video-mme": 58.2, source: table1 },
  { model: "Kangaroo-8B", frames: null, mvbench: 61.1, tempcompass: 62.5, "video-mme": 56.0, source: table1 },
  { model: "Qwen2.5-VL-7B (CoT)", frames: 16, "vsi-bench": 27.7, "video-mmmu": 47.8, mmvu: 59.2, mvbench: 57.4, tempcompass: 72.2, "video-mme": 53.1, source: table1 },
  { model: "Qwen2.5-VL-7B-SFT", frames: 16, "vsi-bench": 31.8, "video-mmmu": 47.4, mmvu: 61.3, mvbench: 59.4, tempcompass: 69.2, "video-mme": 52.8, source: table1 },
  { model: "Qwen2.5-VL-7B (CoT)", frames: 32, "vsi-bench": 30.1, "video-mmmu": 48.1, mmvu: 60.0, mvbench: 59.0, tempcompass: 72.6, "video-mme": 56.6, source: table1 },
  { model: "Qwen2.5-VL-7B-SFT", frames: 32, "vsi-bench": 33.3, "video-mmmu": 49.4, mmvu: 63.5, mvbench: 60.5, tempcompass: 69.9, "video-mme": 55.4, source: table1 },
  { model: "Qwen2.5-VL-7B (CoT)", frames: 64, "vsi-bench": 31.4, "video-mmmu": 50.4, mmvu: 60.0, mvbench: 59.2, tempcompass: 72.9, "video-mme": 59.6, source: table1V4 },
  { model: "Qwen2.5-VL-7B-SFT", frames: 64, "vsi-bench": 34.8, "video-mmmu": 49.4, mmvu: 61.6, mvbench: 60.6, tempcompass: 70.0, "video-mme": 58.8, source: table1V4 },
  { model: "Video-R1-7B", frames: 16, "vsi-bench": 34.6, "video-mmmu": 49.8, mmvu: 64.2, mvbench: 62.7, tempcompass: 72.6, "video-mme": 57.4, source: table1 },
  { model: "Video-R1-7B", frames: 32, "vsi-bench": 35.8, "video-mmmu": 52.3, mmvu: 63.8, mvbench: 63.9, tempcompass: 73.2, "video-mme": 59.3, source: table1 },
  { model: "Video-R1-7B", frames: 64, "vsi-bench": 37.1, "video-mmmu": 52.4, mmvu: 63.8, mvbench: 64.8, tempcompass: 73.2, "video-mme": 61.4, source: table1V4 },
  { model: "Video-R1-7B-wo-image", frames: 16, "vsi-bench": 32.3, "video-mmmu": 45.8, mmvu: 60.6, mvbench: 60.9, tempcompass: 69.8, "video-mme": 53.8, source: table2V4 },
  { model: "Video-R1-7B-wo-temporal", frames: 16, "vsi-bench": 32.7, "video-mmmu": 48.3, mmvu: 62.1, mvbench: 61.1, tempcompass: 71.3, "video-mme": 54.5, source: table2 },
  { model: "Video-R1-7B-zero", frames: 16, "vsi-bench": 31.8, "video-mmmu": 49.5, mmvu: 63.8, mvbench: 60.4, tempcompass: 70.9, "video-mme": 53.8, source: table2V4 },
  { model: "Video-R1-7B (10k steps)", frames: 16, "vsi-bench": 34.5, "video-mmmu": 50.7, mmvu: 64.2, mvbench: 63.7, tempcompass: 73.7, "video-mme": 57.2, source: table3V4 },
  { model: "Video-R1-7B (10k steps)", frames: 32, "vsi-bench": 35.7, "video-mmmu": 52.7, mmvu: 66.2, mvbench: 64.7, tempcompass: 74.2, "video-mme": 59.3, source: table3V4 },
  { model: "Video-R1-7B (10k steps)", frames: 64, "vsi-bench": 37.8, "video-mmmu": 51.4, mmvu: 65.0, mvbench: 65.5, tempcompass: 74.2, "video-mme": 61.8, source: table3V4 },
  { model: "Video-R1-7B (a user's reproduction)", frames: 32, "vsi-bench": 31.41, source: "tulerfeng/Video-R1 issue #47" },
  { model: "Video-R1-7B (a user's reproduction, 1200 steps)", frames: 16, "vsi-bench": 30.28, "video-mmmu": 48.44, mmvu: 64.16, tempcompass: 69.73, "video-mme": 53.48, source: "tulerfeng/Video-R1 issue #65" },
  { model: "Video-R1-7B (a user's reproduction, 1000 steps)", frames: null, mmvu: 61.28, "video-mme": 49.15, source: "tulerfeng/Video-R1 issue #106" },
  { model: "Video-R1-7B", frames: null, "video-holmes": 36.5, source: holmes },
  { model: "o4-mini", frames: null, "video-holmes": 29.9, source: holmes },
  { model: "Gemini-2.0-Flash", frames: null, "video-holmes": 30.6, source: holmes },
  { model: "Video-R1", frames: null, "vsi-bench": 37.1, mvbench: 64.8, "video-mme": 59.3, longvideobench: 54.6, egoschema: 47.6, pope: 85.5, mathvista: 71, source: leaderboard },
  { model: "Video-R1", frames: null, "video-mme": 50.6, of: "long videos", source: leaderboard },
  { model: "Video-R1", frames: null, "video-mme": 64.3, of: "named accuracy", source: leaderboard },
];

/** Share of responses that a judge found to reason over time, in percent. @see arXiv:2503.21776v4 */
export const publishedTemporalShares: readonly PublishedScore[] = [
  { model: "Video-R1-7B", frames: null, percent: 75, source: "arXiv:2503.21776v4" },
  { model: "Video-R1-7B-wo-temporal", frames: null, percent: 60.2, source: "arXiv:2503.21776v4" },
];

/** The rows that report a benchmark. */
export function publishedScores(name: BenchmarkName): PublishedScore[] {
  return publishedRows.flatMap(({ [name]: percent, model, frames, source, of }) =>
    percent === undefined ? [] : [{ model, frames, percent, source, ...(of !== undefined && { of }) }],
  );
}
