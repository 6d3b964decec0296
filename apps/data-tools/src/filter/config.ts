import type { ThoughtLimits } from "@videor1/curation";
import { z } from "zod";
import { RecipeKeys, RecordFile } from "../files/recipe.ts";
import { VerbKeys } from "../verb.ts";

const share = z.number().min(0).max(1).optional();
const count = z.int().min(0).optional();

export const FilterConfig = VerbKeys.extend({
  records: z
    .union([z.string().min(1), z.array(z.string().min(1)).min(1)])
    .transform((files) => [files].flat())
    .describe("File of annotated records, or a list of files"),
  output: RecordFile.describe(
    "File of the kept records, .json or .jsonl; what is dropped, and the recipe, lie beside it",
  ),
  rules: z.enum(["video-r1", "safe"]).default("video-r1").describe("Rules that give the reward"),
  minReward: z.number().nullable().default(0.6).describe("The reward must be above it; null: any, or none"),
  requireThinking: z.boolean().default(true).describe("There is thinking between think tags"),
  requireFormat: z
    .boolean()
    .default(false)
    .describe("The completion is one thinking and then one answer, neither of them blank, and nothing else"),
  requireEnd: z.boolean().default(false).describe("The completion was not cut off"),
  minWords: count.describe("Of the thinking; a character of Chinese, Japanese or Thai is a word"),
  maxWords: count.describe("Of the thinking"),
  maxOtherScript: share.describe(
    "Share of the thinking's letters in scripts that question, options and solution do not use",
  ),
  maxRepeats: share.describe("Share of the thinking's four-word sequences that occur before in it"),
  maxLoops: z.int().min(1).optional().describe("Times that a phrase of at most 40 words may stand in a row"),
  refuseLeaks: z.boolean().default(false).describe("The thinking does not speak of an answer that it was given"),
  refuseContradictions: z
    .boolean()
    .default(false)
    .describe("Of multiple choice: the letter that the thinking concludes with, if it does, is the answer's"),
  requireOrderTalk: z.boolean().default(false).describe("Thinking on a video says when or in what order"),
  requireReflection: z.boolean().default(false).describe("The thinking takes another look: wait, hmm, let me check …"),
  perRecord: z.int().min(1).optional().describe("Of the kept samples of one record (annotate keep=all) only the first"),
  solution: z
    .enum(["gold", "answer"])
    .default("gold")
    .describe("What is learned as the answer: the record's solution, as in the original, or the model's own words"),
  helpers: z
    .enum(["drop", "keep"])
    .default("drop")
    .describe("Of the fields answer, reward, select, output, finish_reason and completion_tokens"),
  ...RecipeKeys.shape,
}) satisfies z.ZodType<ThoughtLimits>;
export type FilterConfig = z.infer<typeof FilterConfig>;
