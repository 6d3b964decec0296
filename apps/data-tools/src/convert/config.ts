import { answerKinds, conversationShapes, type Mapping, turnChoices } from "@videor1/curation";
import { benchmarkNames } from "@videor1/eval";
import { z } from "zod";
import { VerbKeys } from "../verb.ts";
import { fileFormats } from "./row-file.ts";
import { textEncodings } from "./text-encoding.ts";

const values = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional();
const how = { separator: z.string().min(1).optional(), values };

/** Where a field is from, as YAML says it. */
const FieldSource = z.union([
  z.string().min(1),
  z.array(z.string().min(1)).min(1),
  z.strictObject({ column: z.string().min(1), ...how }),
  z.strictObject({ columns: z.array(z.string().min(1)).min(1), ...how }),
  z.strictObject({ constant: z.unknown(), ...how }),
  z.strictObject({ template: z.string().min(1), ...how }),
]);

export const MappingConfig = z.strictObject({
  fields: z.record(z.string(), FieldSource).describe("Field of a record -> column, columns, constant or template"),
  answerIs: z.enum(answerKinds).optional(),
}) satisfies z.ZodType<Mapping>;

export const ConvertSettings = VerbKeys.extend({
  from: z
    .string()
    .describe("File of questions, folder with the parts of a table, or with benchmark the folder of its files"),
  output: z
    .string()
    .regex(/\.(jsonl?|ndjson|parquet)$/i, "must end in .json, .jsonl or .parquet")
    .describe("File of records: .json, .jsonl or .parquet"),
  format: z.enum(fileFormats).optional().describe("How the file is written; default: as its content says"),
  delimiter: z
    .string()
    .length(1)
    .optional()
    .describe("Between the cells of a CSV file; default: what its first lines say"),
  encoding: z
    .enum(textEncodings)
    .optional()
    .describe("Of a CSV file; default: utf16le or utf8, by its byte order mark; latin1 is read as windows-1252"),
  mapping: z
    .union([z.string().min(1), MappingConfig])
    .optional()
    .describe("What the columns mean: video-r1, sharegpt, columns, a preset, a YAML file; default: as the rows look"),
  answerIs: z
    .enum(answerKinds)
    .optional()
    .describe(
      "How answers name their option: letter, index0 or index1 (a number from 0 or 1), text; auto: as all rows agree",
    ),
  turns: z
    .enum(turnChoices)
    .default("each")
    .describe(
      "Of a conversation with several questions: a record of each, without those before it; of the first; or reject it",
    ),
  dataType: z.enum(["image", "video"]).optional().describe("What media are whose names do not tell"),
  mediaRoot: z.string().optional().describe("Folder that media paths start from; with it files are looked for"),
  missing: z.enum(["reject", "keep"]).default("reject").describe("A record whose file is not in mediaRoot"),
  benchmark: z.enum(benchmarkNames).optional().describe("Read the official files of this benchmark"),
  allowOtherCounts: z.boolean().default(false).describe("Take a benchmark with other counts than its release"),
  to: z
    .enum(["records", ...conversationShapes])
    .default("records")
    .describe("records: for training here; sharegpt: for ms-swift and LLaMA-Factory; llava: for LLaVA"),
  rules: z.enum(["video-r1", "safe"]).default("video-r1").describe("Rewards that solutions are checked for"),
  strict: z.boolean().default(false).describe("Stop at the first row that gives no record"),
  overwrite: z.boolean().default(false).describe("Replace an output that is there"),
});
export type ConvertConfig = Omit<z.output<typeof ConvertSettings>, "mapping"> & {
  mapping: string | Mapping | undefined;
};
