/** The paper's six benchmarks, as their files are named. */
export type BenchmarkName = "mvbench" | "tempcompass" | "videomme" | "videommmu" | "vsibench" | "mmvu";

/** A row of results as published, in percent; a benchmark that the source does not report is absent. */
export interface PublishedRow extends Partial<Record<BenchmarkName, number>> {
  model: string;
  /** Frames per video in evaluation; null where the source does not say. */
  frames: number | null;
  source: string;
}

const table1 = "arXiv:2503.21776 table 1";
const table1V4 = "arXiv:2503.21776v4 table 1";
const table2 = "arXiv:2503.21776 table 2";
const table2V4 = "arXiv:2503.21776v4 table 2";
const table3V4 = "arXiv:2503.21776v4 table 3";

/** Results of the paper, and of users who tried to reproduce it. */
// biome-ignore format: a table
export const publishedScores: readonly PublishedRow[] = [
  { model: "GPT-4o", frames: null, vsibench: 34.0, videommmu: 61.2, mmvu: 75.4, videomme: 71.9, source: table1 },
  { model: "LLaMA-VID", frames: null, mvbench: 41.9, tempcompass: 45.6, source: table1 },
  { model: "VideoLLaMA2", frames: null, mmvu: 44.8, mvbench: 54.6, videomme: 47.9, source: table1 },
  { model: "LongVA-7B", frames: null, vsibench: 29.2, videommmu: 23.9, tempcompass: 56.9, videomme: 52.6, source: table1 },
  { model: "VILA-1.5-8B", frames: null, vsibench: 28.9, videommmu: 20.8, tempcompass: 58.8, source: table1 },
  { model: "VILA-1.5-40B", frames: null, vsibench: 31.2, videommmu: 34.0, videomme: 60.1, source: table1 },
  { model: "Video-UTR-7B", frames: null, mvbench: 58.8, tempcompass: 59.7, videomme: 52.6, source: table1 },
  { model: "LLaVA-OneVision-7B", frames: null, vsibench: 32.4, videommmu: 33.8, mmvu: 49.2, mvbench: 56.7, videomme: 58.2, source: table1 },
  { model: "Kangaroo-8B", frames: null, mvbench: 61.1, tempcompass: 62.5, videomme: 56.0, source: table1 },
  { model: "Qwen2.5-VL-7B (CoT)", frames: 16, vsibench: 27.7, videommmu: 47.8, mmvu: 59.2, mvbench: 57.4, tempcompass: 72.2, videomme: 53.1, source: table1 },
  { model: "Qwen2.5-VL-7B-SFT", frames: 16, vsibench: 31.8, videommmu: 47.4, mmvu: 61.3, mvbench: 59.4, tempcompass: 69.2, videomme: 52.8, source: table1 },
  { model: "Qwen2.5-VL-7B (CoT)", frames: 32, vsibench: 30.1, videommmu: 48.1, mmvu: 60.0, mvbench: 59.0, tempcompass: 72.6, videomme: 56.6, source: table1 },
  { model: "Qwen2.5-VL-7B-SFT", frames: 32, vsibench: 33.3, videommmu: 49.4, mmvu: 63.5, mvbench: 60.5, tempcompass: 69.9, videomme: 55.4, source: table1 },
  { model: "Qwen2.5-VL-7B (CoT)", frames: 64, vsibench: 31.4, videommmu: 50.4, mmvu: 60.0, mvbench: 59.2, tempcompass: 72.9, videomme: 59.6, source: table1V4 },
  { model: "Qwen2.5-VL-7B-SFT", frames: 64, vsibench: 34.8, videommmu: 49.4, mmvu: 61.6, mvbench: 60.6, tempcompass: 70.0, videomme: 58.8, source: table1V4 },
  { model: "Video-R1-7B", frames: 16, vsibench: 34.6, videommmu: 49.8, mmvu: 64.2, mvbench: 62.7, tempcompass: 72.6, videomme: 57.4, source: table1 },
  { model: "Video-R1-7B", frames: 32, vsibench: 35.8, videommmu: 52.3, mmvu: 63.8, mvbench: 63.9, tempcompass: 73.2, videomme: 59.3, source: table1 },
  { model: "Video-R1-7B", frames: 64, vsibench: 37.1, videommmu: 52.4, mmvu: 63.8, mvbench: 64.8, tempcompass: 73.2, videomme: 61.4, source: table1V4 },
  { model: "Video-R1-7B-wo-image", frames: 16, vsibench: 32.3, videommmu: 45.8, mmvu: 60.6, mvbench: 60.9, tempcompass: 69.8, videomme: 53.8, source: table2V4 },
  { model: "Video-R1-7B-wo-temporal", frames: 16, vsibench: 32.7, videommmu: 48.3, mmvu: 62.1, mvbench: 61.1, tempcompass: 71.3, videomme: 54.5, source: table2 },
  { model: "Video-R1-7B-zero", frames: 16, vsibench: 31.8, videommmu: 49.5, mmvu: 63.8, mvbench: 60.4, tempcompass: 70.9, videomme: 53.8, source: table2V4 },
  { model: "Video-R1-7B (10k steps)", frames: 16, vsibench: 34.5, videommmu: 50.7, mmvu: 64.2, mvbench: 63.7, tempcompass: 73.7, videomme: 57.2, source: table3V4 },
  { model: "Video-R1-7B (10k steps)", frames: 32, vsibench: 35.7, videommmu: 52.7, mmvu: 66.2, mvbench: 64.7, tempcompass: 74.2, videomme: 59.3, source: table3V4 },
  { model: "Video-R1-7B (10k steps)", frames: 64, vsibench: 37.8, videommmu: 51.4, mmvu: 65.0, mvbench: 65.5, tempcompass: 74.2, videomme: 61.8, source: table3V4 },
  { model: "Video-R1-7B (a user's reproduction)", frames: 32, vsibench: 31.41, source: "tulerfeng/Video-R1 issue #47" },
  { model: "Video-R1-7B (a user's reproduction, 1200 steps)", frames: 16, vsibench: 30.28, videommmu: 48.44, mmvu: 64.16, tempcompass: 69.73, videomme: 53.48, source: "tulerfeng/Video-R1 issue #65" },
  { model: "Video-R1-7B (a user's reproduction, 1000 steps)", frames: null, mmvu: 61.28, videomme: 49.15, source: "tulerfeng/Video-R1 issue #106" },
];
