import { z } from "zod";
import { RecipeKeys, RecordFile } from "../files/recipe.ts";
import { VerbKeys } from "../verb.ts";

const Trait = z.enum(["bucket", "source", "problemType", "dataType"]);

export const SplitConfig = z
  .strictObject({
    records: z
      .union([z.string(), z.array(z.string()).min(1)])
      .transform((files) => [files].flat())
      .describe("Files of records"),
    train: RecordFile.describe("File of the records to train on; the recipe of both files is written beside it"),
    validation: RecordFile.describe("File of the records that are held back"),
    share: z.number().gt(0).lt(1).optional().describe("Share of the records to hold back; default 0.05"),
    count: z.int().min(1).optional().describe("Records to hold back, in place of a share"),
    stratify: z
      .union([Trait, z.array(Trait)])
      .transform((traits) => [traits].flat())
      .default(["bucket", "problemType"])
      .describe("Records alike in all of these are held back in the same proportion; []: of all"),
    text: z
      .boolean()
      .default(false)
      .describe("Keep records that ask the same question, with the same options, on one side, whatever their media"),
    media: z
      .boolean()
      .default(false)
      .describe("Read every media file, and keep records whose files have the same bytes on one side"),
    mediaRoot: z.string().optional().describe("Folder that the records' paths start from; needed with media"),
    concurrency: z.int().min(1).default(4).describe("Media files that are read at once"),
    onInvalid: z.enum(["skip", "error"]).default("skip").describe("At a record that breaks the record rules"),
    rules: z.enum(["video-r1", "safe"]).default("video-r1").describe("Rules of the rewards"),
    seed: z.int().min(0).default(42),
    indent: z.int().min(0).max(8).default(0).describe("Spaces that .json results are indented by; 0: a record a line"),
    ...RecipeKeys.shape,
    ...VerbKeys.shape,
  })
  .refine(({ share, count }) => share === undefined || count === undefined, {
    path: ["count"],
    message: "give a share or a count, not both",
  })
  .refine(({ media, mediaRoot }) => !media || mediaRoot !== undefined, {
    path: ["mediaRoot"],
    message: "is needed with media=true",
  });
export type SplitConfig = z.output<typeof SplitConfig>;
