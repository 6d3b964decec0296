import type { Benchmark } from "../benchmark.ts";
import { publishedScores } from "../published.ts";

/** Time perception: speed, direction, order, attribute change. */
export const tempcompass: Benchmark = {
  title: "TempCompass",
  recordsFile: "eval_tempcompass.json",
  metric: "accuracy",
  published: publishedScores("tempcompass"),
};
