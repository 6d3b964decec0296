import { benchmarkNames, scorerVariantNames } from "@videor1/eval";
import { z } from "zod";
import { JudgeOptions } from "../config.ts";

/** Everything that `bench score` needs: outputs made elsewhere, the benchmark that they answer, whose readings are wanted. */
export const ScoreConfig = z.strictObject({
  outputs: z
    .array(z.string().min(1), "are missing: npm run bench -- score FILE ... data=FOLDER")
    .min(1)
    .describe(
      "Files of outputs: lmms-eval's *_samples_*.jsonl, VLMEvalKit's .xlsx, run-batch's, eval_bench.py's, ours",
    ),
  benchmark: z.enum(benchmarkNames).optional().describe("What they answer; default: as their lines say"),
  data: z
    .strictObject({
      folder: z.string().describe("Where the benchmark's files are; its videos are not needed"),
      allowOtherCounts: z
        .boolean()
        .default(false)
        .describe("Take files that hold more or fewer records than the release"),
    })
    .describe("data=FOLDER is data.folder=FOLDER"),
  source: z
    .enum(["official", "video-r1"])
    .optional()
    .describe("Which of a benchmark's files; default: those there are"),
  tasks: z.array(z.string().min(1)).min(1).optional().describe("Score these tasks alone"),
  scorers: z
    .array(z.enum(scorerVariantNames))
    .min(1)
    .default(["safe", "official", "video-r1", "lmms-eval", "vlmevalkit"])
    .describe("Whose readings; those that do not know the benchmark are left out"),
  partial: z
    .boolean()
    .default(false)
    .describe("Items without an output are no part of the score; otherwise they count as wrong"),
  show: z.int().min(0).default(20).describe("Disagreements printed at most"),
  result: z.string().optional().describe("Writes all of it as JSON to this file, every disagreement included"),
  baseline: z
    .array(z.string().min(1))
    .min(1)
    .optional()
    .describe("VideoMMMU: files of outputs to the questions without their lectures, for the knowledge gained"),
  judge: JudgeOptions.extend({
    cache: z.string().min(1).describe("File that keeps its replies, so that none is asked for twice"),
  })
    .optional()
    .describe("Scores what scorer safe leaves unjudged; default: it stays so, and counts 0"),
});
export type ScoreConfig = z.infer<typeof ScoreConfig>;
