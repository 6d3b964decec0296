import type { Example } from "@videor1/data";

/** What a reward function is told of one answer of the policy. */
export interface RewardInput
  extends Pick<
    Example,
    "problem" | "problemType" | "options" | "solution" | "dataType" | "dataSource" | "path" | "problemId"
  > {
  /** The completion's text without special tokens. */
  completion: string;
  completionIds: number[];
  /** Accuracy reward of this completion by the rules, in [0, 1]. */
  accuracy: number;
  /** Format reward of this completion by the rules, 0 or 1. */
  format: number;
  /** Optimizer step that the answer is sampled for. */
  step: number;
}

/**
 * A reward of the user's own, the default export of a module: one answer to a finite number. null: the function does not
 * apply to this answer, which then has no such part (TRL's None).
 */
export type RewardFunction = (answer: RewardInput) => number | null | Promise<number | null>;
