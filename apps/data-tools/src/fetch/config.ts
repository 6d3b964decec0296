import { z } from "zod";
import { VerbKeys } from "../verb.ts";

const list = z.union([z.string(), z.array(z.string())]).transform((words) => [words].flat());

export const FetchConfig = VerbKeys.extend({
  repo: z
    .string()
    .regex(/^(?!.*(--|\.\.))[\w.-]+\/[\w.-]+$/, "is owner/name, as in the address of its page")
    .describe("Repository on the Hugging Face Hub, e.g. Video-R1/Video-R1-data"),
  include: list
    .default([])
    .describe("Patterns of its files, e.g. *.json or NeXT-QA/; default: all. * stands for / too"),
  exclude: list.default([]).describe("Patterns of files that are left out"),
  repoType: z.enum(["dataset", "model"]).default("dataset").describe("What the repository is"),
  revision: z
    .string()
    .regex(/^(?!.*(\.\.|\/\/))[\w.-][\w./-]*$/)
    .default("main")
    .describe("Branch, tag or commit"),
  output: z
    .string()
    .min(1)
    .optional()
    .describe("Plain folder of the files; default: the Hub's cache (HF_HUB_CACHE, HF_HOME)"),
  overwrite: z.boolean().default(false).describe("Replace files in output that have other content"),
  concurrency: z.int().min(1).max(64).default(4).describe("Files that are fetched at a time"),
  retries: z.int().min(0).default(6).describe("Times that a request is made again while nothing comes of it"),
  stallSeconds: z
    .number()
    .positive()
    .max(86_400)
    .default(30)
    .describe("Time without a byte after which a connection is given up"),
});
export type FetchConfig = z.output<typeof FetchConfig>;
