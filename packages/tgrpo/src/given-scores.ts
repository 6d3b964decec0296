import type { RewardWeights, ScoreOptions } from "./options.ts";
import type { Scores } from "./rollout.ts";

/** What a scorer gives: a part without a value, null or NaN, could not be told or does not apply. */
export interface GivenScores {
  accuracy: number | null;
  format: number | null;
  rewards?: Readonly<Record<string, number | null>>;
}

/** A completion that the options leave out of its group, though nothing failed. */
export interface LeftOut {
  /** The reason. */
  failed: string;
  isLeftOut: true;
}

/**
 * The scores of a completion, in which a part without a value counts 0; or, where the options leave such completions out of
 * their group, why this one is.
 */
export function resolveScores(
  { accuracy, format, rewards }: GivenScores,
  { leaveOut, weights }: Pick<ScoreOptions, "leaveOut" | "weights">,
): Scores | LeftOut {
  const parts: Readonly<Record<string, number | null>> = { ...rewards, accuracy, format };
  if (leaveOut === "withoutAccuracy" && !hasValue(accuracy))
    return { failed: "the scorer gave no accuracy", isLeftOut: true };
  const asked = weighedParts(parts, weights);
  if (leaveOut !== "none" && asked.length > 0 && !asked.some((name) => hasValue(parts[name])))
    return { failed: `no part of the reward applies: ${asked.join(", ")}`, isLeftOut: true };
  const further = Object.entries(rewards ?? {}).filter((part): part is [string, number] => hasValue(part[1]));
  return {
    accuracy: hasValue(accuracy) ? accuracy : 0,
    format: hasValue(format) ? format : 0,
    ...(further.length > 0 && { rewards: Object.fromEntries(further) }),
  };
}

/** Parts that count in the total: those with a weight other than 0, and those given without a weight. */
function weighedParts(given: object, weights: RewardWeights): string[] {
  const names = new Set([...Object.keys(weights), ...Object.keys(given)]);
  return [...names].filter((name) => weights[name] !== 0);
}

const hasValue = (part: number | null | undefined): part is number =>
  part !== null && part !== undefined && !Number.isNaN(part);
