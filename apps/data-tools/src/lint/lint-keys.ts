import { checks, mediaCodes } from "@videor1/curation";
import { z } from "zod";
import { VerbKeys } from "../verb.ts";

const Files = z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]);
const codes: readonly string[] = [...checks, ...Object.values(mediaCodes)].map(({ code }) => code);

/** One code, several in a text with commas between them, or a list. */
const Codes = z
  .union([z.string(), z.array(z.string())])
  .transform((given) => [given].flat().flatMap((text) => text.split(",").map((code) => code.trim())))
  .superRefine((given, { addIssue }) => {
    for (const code of given)
      if (!codes.includes(code))
        addIssue({ code: "custom", message: `there is no code "${code}"; docs/lint.md has all` });
  });

export const LintKeys = VerbKeys.extend({
  records: Files.describe("JSON or JSONL files of records, read as one data set"),
  rules: z.enum(["video-r1", "safe"]).default("video-r1").describe("Rules of the rewards that golds have to satisfy"),
  against: Files.optional().describe("Files of other splits, with which this one must share nothing"),
  benchmarks: Files.optional().describe(
    "Folders with official files of benchmarks, with which this data set must share nothing",
  ),
  media: z.boolean().default(false).describe("Read the media as well, and compare them by bytes and pixels"),
  mediaRoot: z.string().min(1).optional().describe("Folder that the records' paths start from; needed for media=true"),
  mediaCache: z
    .string()
    .min(1)
    .optional()
    .describe("File that keeps what was read of each medium, so that an interrupted or later run reads it no more"),
  nframes: z.int().min(1).default(16).describe("Frames that training asks of a video; shorter ones are told"),
  concurrency: z.int().min(1).max(64).default(4).describe("Media that are read at once"),
  only: Codes.optional().describe("Codes to look for; default: all"),
  ignore: Codes.default([]).describe("Codes to pass over"),
  strict: z.boolean().default(false).describe("Exit code 1 for warnings as well"),
  longText: z.int().min(1).default(8000).describe("Characters of a prompt or a gold from which it is long"),
  show: z.int().min(0).default(3).describe("Records of a code that the text shows"),
  most: z.int().min(0).default(1000).describe("Records of a code that --json lists; all are counted"),
  seed: z.int().min(0).default(42).describe("Seed of the folds of cross-validation"),
  fix: z
    .boolean()
    .default(false)
    .describe("Write the records to output with what is safe to mend mended; findings are of those"),
  output: z.string().min(1).optional().describe("File that fix writes, .json or .jsonl"),
  overwrite: z.boolean().default(false).describe("Write over an output that is there"),
}).superRefine(({ fix, output, media, mediaRoot }, { addIssue }) => {
  if (fix && output === undefined)
    addIssue({ code: "custom", path: ["output"], message: "fix writes a new file: name it, as output=fixed.json" });
  if (media && mediaRoot === undefined)
    addIssue({
      code: "custom",
      path: ["mediaRoot"],
      message: "media=true reads files: name the folder that paths start from",
    });
  if (!fix && output !== undefined)
    addIssue({
      code: "custom",
      path: ["fix"],
      message: "nothing is written without it: add fix=true, or leave output out",
    });
});
export type LintKeys = z.output<typeof LintKeys>;
