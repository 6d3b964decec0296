import { type KeptSamples, keptSamples } from "@videor1/curation";
import { MediaOptions, PromptStyle } from "@videor1/data";
import { ServerOptions } from "@videor1/served-model";
import { z } from "zod";
import { RecordFile } from "../files/recipe.ts";
import { VerbKeys } from "../verb.ts";

/** Fewer records than this show no progress. */
export const fewestShown = 20;

const price = z.number().nonnegative().default(0);

const AnnotateKeys = VerbKeys.extend({
  records: z
    .union([z.string().min(1), z.array(z.string().min(1)).min(1)])
    .describe("File of records, or a list of files"),
  output: RecordFile.describe("File of annotated records; its journal lies beside it"),
  model: z.string().min(1).describe("The model's name at the servers"),
  server: ServerOptions.optional().describe("Who is asked; server=URL,URL is short for server.urls"),
  mediaRoot: z.string().min(1).describe("Folder that the records' paths start from"),
  media: MediaOptions.omit({ mediaRoot: true }).prefault({}),
  prompt: PromptStyle.prefault({}),
  generation: z
    .strictObject({
      maxCompletionLength: z.int().min(1).default(512),
      doSample: z.boolean().default(true).describe("false: greedy"),
      temperature: z.number().positive().default(1),
      topP: z.number().positive().max(1).default(0.95),
      topK: z.int().min(0).default(0),
    })
    .prefault({}),
  n: z.int().min(1).default(1).describe("Samples of a record; with more than before the journal's are kept"),
  samplesPerRequest: z
    .int()
    .min(1)
    .optional()
    .describe("Samples that one request asks for; 1 for servers that give one only. Default: all"),
  keep: z
    .enum(keptSamples as readonly KeptSamples[])
    .default("best")
    .describe(
      "first, best (of equal rewards the one of the right form, then the first), all (ids become id/0, id/1 …)",
    ),
  thinkingOpened: z
    .boolean()
    .default(false)
    .describe("The model's chat template opens the thinking, so that its completions begin inside"),
  rules: z.enum(["video-r1", "safe"]).default("video-r1").describe("Rules that give the reward"),
  seed: z.int().min(0).default(42),
  limit: z.int().min(1).optional().describe("Only the first records"),
  decodeAhead: z.int().min(1).default(4).describe("Records whose frames are cut while all requests are under way"),
  retryFailed: z.boolean().default(false).describe("Ask again for records that have failed"),
  emitBatch: z
    .string()
    .min(1)
    .optional()
    .describe("Ask nothing: write what is not answered into this batch file, for vllm run-batch"),
  batchRequests: z
    .int()
    .min(1)
    .optional()
    .describe("Requests of one batch file: FILE-1, FILE-2 and so on. Default: one file"),
  readBatch: z
    .union([z.string().min(1), z.array(z.string().min(1)).min(1)])
    .optional()
    .describe("Take answers from what vllm run-batch has written"),
  price: z
    .strictObject({ prompt: price, completion: price })
    .optional()
    .describe("Of a million tokens, to count the cost"),
  overwrite: z.boolean().default(false).describe("Write over an output that this command has not made"),
});

export const AnnotateConfig = AnnotateKeys.superRefine((config, context) => {
  const refuse = (path: string[], message: string) => context.addIssue({ code: "custom", path, message });
  const { server, emitBatch, readBatch, n, generation } = config;
  if (server === undefined && emitBatch === undefined && readBatch === undefined)
    refuse(["server"], "is missing: server=URL, or emitBatch=FILE or readBatch=FILE");
  if (emitBatch !== undefined && readBatch !== undefined)
    refuse(["emitBatch"], "first read the batch, then write what it has not answered");
  if (config.batchRequests !== undefined && emitBatch === undefined)
    refuse(["batchRequests"], "has no effect without emitBatch");
  if (!generation.doSample && n > 1) refuse(["n"], "greedy samples are all equal: n must be 1 without doSample");
});
export type AnnotateConfig = z.infer<typeof AnnotateConfig>;

/** What decides what a model answers: answers that were given under others are not taken. */
export function askedSettings({ model, server, media, prompt, generation, seed }: AnnotateConfig): object {
  const { dialect, videoAs } = server ?? ServerOptions.omit({ urls: true }).parse({});
  const { decoder, prepared: _, unprepared: __, ...frames } = media; // prepared frames are those of the file
  const { threads, timeoutSeconds, whole, keepBytes, ...reading } = decoder; // no frame depends on these
  return { model, dialect, videoAs, media: { ...frames, decoder: reading }, prompt, generation, seed };
}

/** Arguments with `server=URL,URL` written out. */
export const annotateArguments = (argv: readonly string[]): string[] =>
  argv.map((argument) => {
    const [, urls] = /^(?:--)?server=([^\s[{"'].*)$/s.exec(argument) ?? [];
    return urls === undefined ? argument : `server.urls=${JSON.stringify(urls.split(",").map((url) => url.trim()))}`;
  });
