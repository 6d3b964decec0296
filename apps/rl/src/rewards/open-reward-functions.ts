import { openRewardFunction } from "./open-reward-function.ts";
import type { RewardInput } from "./reward-function.ts";
import type { RewardFunctionOptions } from "./rewards-config.ts";

/** What the user's functions make of one answer. */
export type AnswerOutcome =
  /** By name of the function; one that returned null is left out. */
  | { rewards: Record<string, number> }
  /** Which function failed and why: "judge: timed out after 60 s". */
  | { failed: string };

export interface RewardFunctions {
  /**
   * Scores answers by every function.
   *
   * @returns One outcome for each answer, in the same order.
   * @throws {RewardFunctionError} If a function's thread dies again and again.
   */
  score(answers: readonly RewardInput[]): Promise<AnswerOutcome[]>;
  /** Ends the threads; an answer in work is rejected. */
  close(): Promise<void>;
}

/**
 * Opens reward functions, each in a thread of its own.
 *
 * @throws {RewardFunctionError} If a module cannot be imported or its default export is no function.
 */
export async function openRewardFunctions(functions: readonly RewardFunctionOptions[]): Promise<RewardFunctions> {
  const opening = functions.map((options) => openRewardFunction(options));
  const settled = await Promise.allSettled(opening);
  const close = async (): Promise<void> => {
    await Promise.all(settled.map((result) => result.status === "fulfilled" && result.value.close()));
  };
  if (settled.some(({ status }) => status === "rejected")) await close();
  const open = await Promise.all(opening);

  const scoreOne = async (answer: RewardInput): Promise<AnswerOutcome> => {
    const outcomes = await Promise.all(open.map(({ score }) => score(answer)));
    const failures: string[] = [];
    const rewards: Record<string, number> = {};
    outcomes.forEach((outcome, i) => {
      const { name } = functions[i]!;
      if ("failed" in outcome) failures.push(`${name}: ${outcome.failed}`);
      else if (outcome.value !== null) rewards[name] = outcome.value;
    });
    return failures.length > 0 ? { failed: failures.join("; ") } : { rewards };
  };
  return { score: (answers) => Promise.all(answers.map(scoreOne)), close };
}
