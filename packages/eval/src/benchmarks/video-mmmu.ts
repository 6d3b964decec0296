import type { Benchmark } from "../benchmark.ts";
import { publishedScores } from "../published.ts";

/** Lectures, and questions on what they teach. */
export const videoMmmu: Benchmark = {
  title: "VideoMMMU",
  recordsFile: "eval_videommmu.json",
  metric: "accuracy",
  published: publishedScores("video-mmmu"),
};
