import type { Example } from "@videor1/data";
import { accuracyReward, formatReward } from "@videor1/rewards";
import { loadAccuracyOptions } from "@videor1/rewards/options";
import type { RewardsConfig } from "./rewards-config.ts";

/** The parts of a reward that the rules give. */
export interface RuleRewards {
  /** In [0, 1]; decides what counts as correct. */
  accuracy: number;
  /** 0 or 1. */
  format: number;
}

export type RuleScorer = (
  completion: string,
  example: Pick<Example, "solution" | "problemType" | "options">,
) => RuleRewards;

/**
 * The rules and their options as a scorer: a completion's text and its record to accuracy and format rewards.
 *
 * @throws {ExpressionsUnavailableError} If the options ask for expressions, and mathjs is not installed.
 */
export async function loadRuleScorer({
  rules,
  options,
}: Pick<RewardsConfig, "rules" | "options">): Promise<RuleScorer> {
  const optionsOf = await loadAccuracyOptions(rules, options);
  return (completion, { solution, problemType, options: shown }) => ({
    accuracy: accuracyReward(completion, solution, problemType, optionsOf({ options: shown })),
    format: formatReward(completion, { rules }),
  });
}
