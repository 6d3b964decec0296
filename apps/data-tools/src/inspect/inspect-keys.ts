import { z } from "zod";
import { VerbKeys } from "../verb.ts";

const Files = z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]);

export const InspectKeys = VerbKeys.extend({
  records: Files.describe("JSON or JSONL files of records, read as one data set"),
  against: Files.optional().describe("Files of a second data set, to show beside the first"),
  rules: z.enum(["video-r1", "safe"]).default("video-r1").describe("Rules by which a record is valid"),
  page: z.string().min(1).optional().describe("HTML file to write: one page, which loads nothing"),
  overwrite: z.boolean().default(false).describe("Write over a page that is there"),
  title: z.string().optional().describe("Title of the page; default: the files"),
  media: z
    .boolean()
    .optional()
    .describe("Read media as well: durations, sizes, rates, codecs, sample frames; default: where mediaRoot is given"),
  mediaRoot: z.string().min(1).optional().describe("Folder that the records' paths start from"),
  mediaFiles: z.int().min(1).default(500).describe("Different media that are read, spread evenly over all of them"),
  samples: z
    .int()
    .min(0)
    .default(8)
    .describe("Records that the page shows with frames, one a source as far as there are"),
  concurrency: z.int().min(1).max(64).default(4).describe("Media that are read at once"),
}).superRefine(({ media, mediaRoot }, { addIssue }) => {
  if (media && mediaRoot === undefined)
    addIssue({
      code: "custom",
      path: ["mediaRoot"],
      message: "media=true reads files: name the folder that paths start from",
    });
});
export type InspectKeys = z.output<typeof InspectKeys>;
