import type { Benchmark } from "../benchmark.ts";
import { publishedScores } from "../published.ts";

/** Expert knowledge over videos; as Video-R1, its multiple choice questions only. */
export const mmvu: Benchmark = {
  title: "MMVU (multiple choice)",
  recordsFile: "eval_mmvu.json",
  metric: "accuracy",
  published: publishedScores("mmvu"),
};
