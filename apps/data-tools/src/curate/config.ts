import { buckets, passRateWeights } from "@videor1/curation";
import { problemTypes } from "@videor1/rewards";
import { z } from "zod";
import { RecipeKeys, RecordFile } from "../files/recipe.ts";
import { VerbKeys } from "../verb.ts";

const oneOrMore = <Value extends z.ZodType>(value: Value) => z.union([value, z.array(value).min(1)]);

const PartConfig = z
  .strictObject({
    bucket: oneOrMore(z.enum(["Other", ...buckets.map(({ name }) => name)])).optional(),
    source: oneOrMore(z.string()).optional(),
    problemType: oneOrMore(z.enum(problemTypes)).optional(),
    dataType: z.enum(["image", "video"]).optional(),
    count: z.int().min(0).optional(),
    share: z.number().min(1e-6).optional(),
    least: z.int().min(0).optional(),
  })
  .refine(({ count, share }) => count === undefined || share === undefined, "a part has a count or a share, not both");

/** The settings that weigh records by how often they were answered right. */
const byRate = ["dropSolved", "dropUnsolved", "withoutPassRate", "weight", "leastWeight"] as const;

export const CurateConfig = z
  .strictObject({
    records: z
      .union([z.string(), z.array(z.string()).min(1)])
      .transform((files) => [files].flat())
      .describe("Files of records"),
    output: RecordFile.describe("File of the chosen records; its recipe is written beside it"),
    composition: z
      .union([z.literal("video-r1"), z.array(PartConfig).min(1)])
      .optional()
      .describe(
        "video-r1: the paper's seven buckets, its counts or, with a total, its shares; or parts, of which a record belongs to the first that has its bucket, source, problemType and dataType, each with a count, a share, or neither: all. Default: one part",
      ),
    total: z
      .int()
      .min(1)
      .optional()
      .describe("Records of the result; without it, shares take the most at which none is short"),
    onShortfall: z
      .enum(["short", "fill", "error"])
      .default("short")
      .describe(
        "Where a part has fewer records than asked: leave it short, take more of the others in proportion, or stop",
      ),
    perSource: z
      .strictObject({
        most: z.int().min(1).optional().describe("Records of one source in the whole result"),
        least: z
          .int()
          .min(0)
          .default(0)
          .describe("Of each part, so many of each source are taken first, where there are"),
        balance: z
          .enum(["asFound", "equal"])
          .default("asFound")
          .describe("Within a part: whatever comes, or as many of each source, as far as there are"),
      })
      .prefault({}),
    passRates: z
      .union([z.string(), z.array(z.string()).min(1)])
      .transform((files) => [files].flat())
      .optional()
      .describe(
        "A run's folder or rollouts.jsonl, predictions or answers of an evaluation, or lines of problem_id with rewards, correct or pass_rate",
      ),
    dropSolved: z.boolean().default(false).describe("Leave out records of the pass rate 1"),
    dropUnsolved: z.boolean().default(false).describe("Leave out records of the pass rate 0"),
    withoutPassRate: z
      .enum(["keep", "drop"])
      .default("keep")
      .describe("Records without a pass rate; if kept, of weight 1"),
    weight: z
      .enum(Object.keys(passRateWeights) as [keyof typeof passRateWeights])
      .default("none")
      .describe("Weight by pass rate p in drawing without replacement"),
    leastWeight: z
      .number()
      .min(0)
      .max(1)
      .default(0)
      .describe("A weight below that is that; records of weight 0 are left out"),
    onInvalid: z.enum(["skip", "error"]).default("skip").describe("At a record that breaks the record rules"),
    rules: z.enum(["video-r1", "safe"]).default("video-r1").describe("Rules of the rewards"),
    seed: z.int().min(0).default(42),
    indent: z.int().min(0).max(8).default(0).describe("Spaces that a .json result is indented by; 0: a record a line"),
    ...RecipeKeys.shape,
    ...VerbKeys.shape,
  })
  .superRefine((config, { addIssue }) => {
    if (config.leastWeight > 0 && config.weight === "none")
      addIssue({ code: "custom", path: ["leastWeight"], message: "has no effect on the weight none" });
    if (config.passRates !== undefined) return;
    for (const key of byRate)
      if (![false, "keep", "none", 0].includes(config[key]))
        addIssue({ code: "custom", path: [key], message: "has no effect without passRates" });
  });
export type CurateConfig = z.output<typeof CurateConfig>;
