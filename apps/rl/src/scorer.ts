import type { Scorer } from "@videor1/tgrpo";
import type { PreparedPrompt } from "./prompts.ts";
import type { RewardFunctions } from "./rewards/open-reward-functions.ts";
import type { RuleScorer } from "./rewards/rule-scorer.ts";

export interface ScorerParts {
  /** Token ids to text, special tokens left out. */
  decode: (ids: Int32Array) => string;
  rules: RuleScorer;
  functions: RewardFunctions;
  /** Of the run, as in rollouts.jsonl. */
  step: number;
}

/** Accuracy and format by the rules, and the parts of the user's own functions; a function that fails fails the answer. */
export function createScorer({ decode, rules, functions, step }: ScorerParts): Scorer<PreparedPrompt> {
  return async (completions, { example }) => {
    const scored = completions.map(({ completionIds }) => {
      const text = decode(completionIds);
      return { text, ...rules(text, example) };
    });
    const own = await functions.score(
      scored.map(({ text, accuracy, format }, i) => ({
        ...example,
        completion: text,
        completionIds: [...completions[i]!.completionIds],
        accuracy,
        format,
        step,
      })),
    );
    return scored.map((scores, i) => {
      const outcome = own[i]!;
      if ("failed" in outcome) return { text: scores.text, failed: outcome.failed };
      return Object.keys(outcome.rewards).length > 0 ? { ...scores, rewards: outcome.rewards } : scores;
    });
  };
}
