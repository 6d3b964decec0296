import { problemTypes } from "@videor1/rewards";
import { z } from "zod";

/** The question of a line of rollouts.jsonl. */
export const questionFields = {
  problemId: z.int(),
  dataSource: z.string(),
  problemType: z.enum(problemTypes),
  dataType: z.enum(["image", "video"]),
  problem: z.string(),
  options: z.array(z.string()),
  solution: z.string(),
  path: z.string(),
};
