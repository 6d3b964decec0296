import { DataOptions, MediaOptions } from "@videor1/data";
import { benchmarkNames, scorerVariantNames, scorerVariants } from "@videor1/eval";
import { optionsFault, RewardOptions } from "@videor1/rewards/options";
import { ServerOptions } from "@videor1/served-model";
import { Dtype, EngineOptions, Seed } from "@videor1/train";
import { z } from "zod";
import { comparedOrders } from "./questions/frame-order.ts";

/** A language model that judges what rules cannot score. */
export const JudgeOptions = z.strictObject({
  urls: ServerOptions.shape.urls,
  model: z.string().min(1).describe("Its name at the server; it stands in the result"),
  apiKeyVariable: ServerOptions.shape.apiKeyVariable,
  concurrency: z.int().min(1).default(8).describe("Questions that each server answers at a time"),
  checks: z
    .int()
    .min(0)
    .default(0)
    .describe("Items that the rules have scored to be judged as well, to report how often both agree"),
  grounded: z
    .boolean()
    .default(false)
    .describe("Ask of every response whether it engages with time, as the paper did of its models"),
});
export type JudgeOptions = z.infer<typeof JudgeOptions>;

const BenchData = DataOptions.extend({
  records: DataOptions.shape.records
    .optional()
    .describe("JSON or JSONL file of questions; a benchmark has its own files"),
  folder: z.string().optional().describe("Folder of a benchmark's files and media, laid out as on the Hub"),
  subtitles: z
    .boolean()
    .default(false)
    .describe("Give subtitles with the videos that have them, in prompts that take some"),
  allowOtherCounts: z
    .boolean()
    .default(false)
    .describe("Take a benchmark's files with more or fewer questions than its release has, and say so"),
  media: MediaOptions.extend({
    mediaRoot: MediaOptions.shape.mediaRoot
      .optional()
      .describe("Folder that the records' paths start from; default for a benchmark: data.folder"),
  }).prefault({}),
});

export const BenchKeys = z.strictObject({
  model: z.string().describe("Hugging Face folder to evaluate, or the model's name at the server"),
  adapter: z.string().optional().describe("Folder of a LoRA adapter of `model`, which is switched on"),
  server: ServerOptions.optional(),
  name: z
    .string()
    .regex(/^[\w.-]+$/, "letters, digits, '.', '_' and '-' only")
    .optional()
    .describe("Name of this evaluation: of its files, and of its column in the report; default: the benchmark's"),
  outputDir: z.string().describe("Where predictions and the summary go"),
  benchmark: z
    .union([z.enum(benchmarkNames), z.array(z.enum(benchmarkNames)).min(1)])
    .optional()
    .describe("Whose questions these are, one or several; --list shows them"),
  source: z
    .enum(["official", "video-r1"])
    .optional()
    .describe(
      "Which of a benchmark's files: the official ones or Video-R1's eval_*.json; default: those that are there",
    ),
  tasks: z
    .array(z.string().min(1))
    .min(1)
    .optional()
    .describe("Ask the questions of these tasks of the benchmark alone"),
  prompt: z
    .string()
    .default("video-r1")
    .describe(
      "Whose wording of a benchmark's questions: video-r1, official, lmms-eval, vlmevalkit, or a variant of these",
    ),
  data: BenchData,
  limit: z.int().min(1).optional().describe("Ask only the first questions"),
  shard: z
    .string()
    .regex(
      /^(\d+\/[1-9]\d*|auto|merge)$/,
      'must be "0/2" (of two, the first), "auto" (of RANK and WORLD_SIZE) or "merge"',
    )
    .optional()
    .describe("The part of the questions that this process asks; merge: joins the parts' answers and scores them"),
  seed: Seed.default(42).describe("Seed of the shuffles, and of sampling"),
  engine: EngineOptions.prefault({}),
  dtype: Dtype,
  batchSize: z.int().min(1).default(8).describe("Questions that a worker answers at a time"),
  generation: z
    .strictObject({
      maxCompletionLength: z.int().min(1).default(1024),
      doSample: z.boolean().default(false).describe("false: greedy"),
      temperature: z.number().positive().default(1),
      topP: z.number().positive().max(1).default(1),
      topK: z.int().min(0).default(0),
    })
    .prefault({}),
  compare: z
    .array(z.enum(comparedOrders))
    .default([])
    .describe("Ask video questions again with their frames in these orders; none: without them"),
  compareShuffled: z.boolean().default(false).describe("The same as compare=[shuffled]"),
  judge: JudgeOptions.optional().describe(
    "Scores what scorer safe leaves unjudged; default: it stays so, and counts 0",
  ),
  emitBatch: z
    .string()
    .min(1)
    .optional()
    .describe("Ask nothing: write the questions into this batch file, for vllm run-batch; --emit-batch=FILE"),
  page: z
    .boolean()
    .default(true)
    .describe("Write a page with every item of a benchmark: what the model saw and said, what each scorer read"),
  scorers: z
    .array(z.enum(scorerVariantNames))
    .min(1)
    .default(["safe", "official", "video-r1"])
    .describe(
      "Whose readings of a benchmark's answers are reported; the first is the score. Change it and run again: answers stay",
    ),
  grading: z
    .enum(["video-r1", "training", "safe"])
    .default("video-r1")
    .describe(
      "Of records that are no benchmark's. video-r1: as the paper's numbers; training: OCR, free-form and regression by the original's training rewards; safe: all types by the rewards of rewards=safe",
    ),
  gradingOptions: RewardOptions.prefault({}).describe("What grading=safe accepts besides"),
});

export const BenchConfig = BenchKeys.superRefine((config, context) => {
  const { grading, gradingOptions, benchmark, data, name, server, adapter, scorers } = config;
  const refuse = (path: string[], message: string) => context.addIssue({ code: "custom", path, message });
  const fault = optionsFault(grading === "safe" ? "safe" : "video-r1", gradingOptions);
  if (fault !== undefined)
    refuse(["gradingOptions"], `${fault.split(":")[0]}: only grading safe has such options, not grading ${grading}`);
  if (server && adapter !== undefined)
    refuse(["adapter"], "a server loads its own adapters: give the adapter's name there as model");
  if (data.folder !== undefined && benchmark === undefined) refuse(["data", "folder"], "only a benchmark has a folder");
  if (data.folder !== undefined && data.records !== undefined)
    refuse(["data", "records"], "give data.folder or data.records, not both");
  const asked = [benchmark ?? []].flat();
  const twice = asked.find((each, i) => asked.indexOf(each) !== i);
  if (twice !== undefined) refuse(["benchmark"], `${twice} is named twice`);
  const unknown = asked.find((each) => !scorers.some((scorer) => each in scorerVariants[scorer]));
  if (unknown !== undefined && data.folder !== undefined)
    refuse(["scorers"], `none of ${scorers.join(", ")} knows ${unknown}; safe knows every benchmark`);
  if (data.folder !== undefined) {
    if (data.dataType !== undefined) refuse(["data", "dataType"], "chooses among records; of a benchmark tasks does");
    return;
  }
  const { prompt, tasks, source, judge, compare } = config;
  const ofBenchmarks = { prompt: prompt !== "video-r1", tasks, source, judge, "data.subtitles": data.subtitles };
  for (const [key, isSet] of Object.entries(ofBenchmarks))
    if (isSet) refuse(key.split("."), "has no effect on data.records; a benchmark is read with data=FOLDER");
  if (compare.some((order) => order !== "shuffled"))
    refuse(["compare"], "of data.records shuffled frames alone are reported; a benchmark is read with data=FOLDER");
  if (data.records === undefined)
    refuse(["data"], benchmark ? "data=FOLDER is missing: where the benchmark's files are" : "data.records is missing");
  else if (data.media.mediaRoot === undefined) refuse(["data", "media", "mediaRoot"], "is missing beside data.records");
  if (name === undefined) refuse(["name"], "is missing beside data.records");
  if (Array.isArray(benchmark)) refuse(["benchmark"], "one file of records is of one benchmark");
});
export type BenchConfig = z.infer<typeof BenchConfig>;
