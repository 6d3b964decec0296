import { z } from "zod";

const share = z.number().min(0).max(1);

export const DataConfig = z.strictObject({
  sizes: z
    .strictObject({
      sft: z.int().min(1).default(10_000),
      rl: z.int().min(1).default(1200),
      eval: z.int().min(1).default(300),
      validation: z.int().min(1).optional().describe("Without it SFT and RL are not validated"),
    })
    .prefault({})
    .describe("Items of each split"),
  tasks: z
    .record(z.string(), z.int().min(1))
    .default({ direction: 2, order: 2, describe: 1, count: 1, distance: 1, read: 1, color: 1, number: 1 })
    .describe("Tasks, and how often each comes in one round"),
  cue: z
    .strictObject({ sft: share.default(0.75), rl: share.default(0.75) })
    .prefault({})
    .describe("How often the border agrees with the answer, by split; in the held-back ones it tells nothing"),
  shortcutShare: share.default(0.6).describe("Annotators who look at the border alone (sft-mixed)"),
  reflectionShare: share.default(0.3).describe("Annotators who check again (sft-mixed)"),
});
export type DataConfig = z.infer<typeof DataConfig>;

export const ModelSize = z.strictObject({
  hiddenSize: z.int().min(4).default(128),
  intermediateSize: z.int().min(4).default(320),
  layers: z.int().min(1).default(3),
  heads: z.int().min(1).default(4),
  keyValueHeads: z.int().min(1).default(2),
  mropeSection: z.tuple([z.int(), z.int(), z.int()]).default([4, 6, 6]),
  vision: z
    .strictObject({
      depth: z.int().min(1).default(2),
      hiddenSize: z.int().min(4).default(64),
      intermediateSize: z.int().min(4).default(128),
      heads: z.int().min(1).default(4),
    })
    .prefault({}),
});
export type ModelSize = z.infer<typeof ModelSize>;

/** Settings of each arm by its name, which must be fit for a folder and for `arms.<name>=…` on the command line. */
const Arms = z.record(z.string(), z.array(z.string())).superRefine((arms, context) => {
  const refuse = (message: string, ...path: string[]) => context.addIssue({ code: "custom", path, message });
  if (Object.keys(arms).length === 0) refuse("needs one arm or more");
  for (const name of Object.keys(arms)) {
    if (!/^[\w-]+$/.test(name)) refuse("letters, digits, '_' and '-' only", name);
    if (name === "sft") refuse("the evaluation after SFT has that name", name);
  }
});

export const MiniatureConfig = z.strictObject({
  runDir: z.string().describe("Everything goes here: data, models, metrics, report"),
  seed: z.int().min(0).default(0).describe("Seed of data, initial weights, training and evaluation"),
  workers: z.int().min(1).default(2).describe("Threads of every stage"),
  sft: z.string().describe("Config file of the SFT stage; paths and seed come from here"),
  rl: z.string().describe("Config file of the RL stage"),
  arms: Arms.default({ tgrpo: [] }).describe(
    "Variants of RL to compare, each with its own key=value settings; the others are compared with the first",
  ),
  bench: z.string().describe("Config file of the evaluations"),
  stages: z
    .strictObject({
      sft: z.array(z.string()).default([]),
      rl: z.array(z.string()).default([]),
      bench: z.array(z.string()).default([]),
    })
    .prefault({})
    .describe("key=value settings of a stage, over those of its config file"),
  data: DataConfig.prefault({}),
  model: ModelSize.prefault({}),
});
export type MiniatureConfig = z.infer<typeof MiniatureConfig>;
