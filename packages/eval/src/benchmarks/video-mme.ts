import type { Benchmark } from "../benchmark.ts";
import { publishedScores } from "../published.ts";

/** Multiple choice on videos of eleven seconds to an hour. */
export const videoMme: Benchmark = {
  title: "VideoMME (without subtitles)",
  recordsFile: "eval_videomme.json",
  metric: "accuracy",
  published: publishedScores("video-mme"),
};
