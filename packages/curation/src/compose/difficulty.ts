/** Weight of a record by the share p of answers to it that were right. */
export const passRateWeights = {
  none: () => 1,
  /** The variance of an answer's being right, by its largest, 1/4: 1 at p = 0.5, 0 where no group of answers has a signal. */
  "4p(1-p)": (p: number) => 4 * p * (1 - p),
  "1-p": (p: number) => 1 - p,
} as const;

export interface DifficultyRules {
  dropSolved: boolean;
  dropUnsolved: boolean;
  weight: keyof typeof passRateWeights;
  /** A weight below that is that. */
  leastWeight: number;
  withoutRate: "keep" | "drop";
}

export type DifficultyCode = "SOLVED" | "UNSOLVED" | "NO_PASS_RATE" | "WEIGHT_ZERO";

/** The weight of a record of this pass rate, or why it is left out. A record without a rate that is kept has the weight 1. */
export function weighDifficulty(rate: number | undefined, rules: DifficultyRules): number | DifficultyCode {
  if (rate === undefined) return rules.withoutRate === "keep" ? 1 : "NO_PASS_RATE";
  if (rules.dropSolved && rate >= 1) return "SOLVED";
  if (rules.dropUnsolved && rate <= 0) return "UNSOLVED";
  return Math.max(rules.leastWeight, passRateWeights[rules.weight](rate)) || "WEIGHT_ZERO";
}
