import { problemTypes } from "@videor1/rewards";
import { z } from "zod";

/** In [0, 1]. */
export const share = z.number().min(0).max(1);

/** A record's own name for its problem; ids that are equal as texts are the same. */
export const problemId = z.union([z.int(), z.string().min(1)]);
export type ProblemId = z.infer<typeof problemId>;

/** The question that a line of rollouts.jsonl or of the predictions is about, as its record has it. */
export const questionFields = {
  problemId,
  dataSource: z.string(),
  problemType: z.enum(problemTypes),
  dataType: z.enum(["image", "video"]),
  /** Question text, without the options. */
  problem: z.string(),
  options: z.array(z.string()),
  /** `<answer>…</answer>`, tags included. */
  solution: z.string(),
  /** Media path, relative to the media root. */
  path: z.string(),
};

/** One image or video of a record that says more of its media than one path. */
export const mediaItem = z.looseObject({
  kind: z.enum(["image", "video"]),
  path: z.union([z.string(), z.array(z.string())]),
});
