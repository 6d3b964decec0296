import type { RewardInput } from "../../src/rewards/reward-function.ts";
import type { RewardFunctionOptions } from "../../src/rewards/rewards-config.ts";

/** An answer to score, with the fields that a test cares about. */
export const answer = (completion: string, fields: Partial<RewardInput> = {}): RewardInput => ({
  completion,
  completionIds: [1, 2, 3],
  problem: "Which way does it go?",
  problemType: "free-form",
  options: [],
  solution: "<answer>left</answer>",
  dataType: "video",
  dataSource: "",
  path: "clip.mp4",
  problemId: 1,
  accuracy: 0,
  format: 1,
  step: 1,
  ...fields,
});

/** A fixture beside this file as the config's entry. */
export const entry = (file: string, fields: Partial<RewardFunctionOptions> = {}): RewardFunctionOptions => ({
  path: new URL(file, import.meta.url).pathname,
  name: "mine",
  weight: 1,
  timeoutSeconds: 30,
  ...fields,
});
