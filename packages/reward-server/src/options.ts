import { problemTypes } from "@videor1/rewards";
import { RewardOptions } from "@videor1/rewards/options";
import { z } from "zod";

const megabyte = 1024 * 1024;

/** What becomes of an item that cannot be scored. */
export const unscorableActions = ["fail", "null", "refuse"] as const;
export type UnscorableAction = (typeof unscorableActions)[number];

/** Scoring options of both `score` and `serve`: those of the safe rules, and how items are read and weighed. */
export const scoringSchema = z
  .strictObject({
    rules: z
      .enum(["safe", "video-r1"])
      .default("safe")
      .describe("safe, or video-r1: the original's results, its holes included, without the seven options that follow"),
  })
  .extend(RewardOptions.shape)
  .extend({
    thinkingOpened: z
      .boolean()
      .default(false)
      .describe("the prompts end in <think>, so that completions begin inside the thinking"),
    accuracyWeight: z.coerce.number().default(1).describe("reward = accuracyWeight * accuracy + formatWeight * format"),
    formatWeight: z.coerce.number().default(1).describe("see accuracy-weight; the original adds both with weight 1"),
    problemType: z.enum(problemTypes).optional().describe("type of the items that name none"),
    maxItemWork: z.coerce
      .number()
      .positive()
      .default(1e9)
      .describe(
        "time bound of an OCR or free-form item, as (answer length + 1000) * (truth length + 1000); 1e9 is some 0.1 s",
      ),
  });

export const serveSchema = scoringSchema.extend({
  host: z.string().min(1).default("127.0.0.1").describe("address to listen on; beyond loopback a token is required"),
  port: z.coerce.number().int().min(0).max(65_535).default(8377).describe("0 takes a free one"),
  maxBodyBytes: z.coerce
    .number()
    .int()
    .positive()
    .default(8 * megabyte)
    .describe("413 above"),
  onUnscorable: z
    .enum(unscorableActions)
    .default("fail")
    .describe("an item that cannot be scored: reward 0 and counted as failed, reward null, or 422 for the request"),
  maxItems: z.coerce.number().int().positive().default(1024).describe("items a request; 413 above"),
  maxConcurrency: z.coerce
    .number()
    .int()
    .positive()
    .default(128)
    .describe("requests read or scored at once; 429 above"),
  maxConnections: z.coerce.number().int().positive().default(1024).describe("open connections; refused above"),
  headersTimeoutSeconds: z.coerce.number().positive().default(10).describe("to send the headers; 408 after"),
  requestTimeoutSeconds: z.coerce.number().positive().default(30).describe("to send the whole request; 408 after"),
  graceSeconds: z.coerce.number().nonnegative().default(30).describe("for requests in flight after SIGTERM or SIGINT"),
});

export const scoreSchema = scoringSchema.extend({
  maxLineBytes: z.coerce
    .number()
    .int()
    .positive()
    .default(8 * megabyte)
    .describe("a longer line becomes an error line"),
});

export type ScoringOptions = z.infer<typeof scoringSchema>;
export type ServeOptions = z.infer<typeof serveSchema>;
export type ScoreOptions = z.infer<typeof scoreSchema>;
