import type { Example } from "@videor1/data";
import { accuracyReward, formatReward, type Rules } from "@videor1/rewards";

/** The parts of a reward that the rules give. */
export interface RuleRewards {
  /** In [0, 1]; decides what counts as correct. */
  accuracy: number;
  /** 0 or 1. */
  format: number;
}

export type RuleScorer = (completion: string, example: Pick<Example, "solution" | "problemType">) => RuleRewards;

/**
 * The rules as a scorer: a completion's text and its record to accuracy and format rewards.
 *
 * @throws {RulesError} From a call, if there are no rules of that name.
 */
export function ruleScorer(rules: Rules): RuleScorer {
  return (completion, { solution, problemType }) => ({
    accuracy: accuracyReward(completion, solution, problemType, { rules }),
    format: formatReward(completion, { rules }),
  });
}
