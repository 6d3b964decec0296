import { leansOnBorder } from "@videor1/miniature";
import type { ScoreOptions } from "@videor1/tgrpo";
import { bonusShift, tolerance } from "./bonus-effect.ts";
import type { Rollouts } from "./run-schema.ts";

/** What may be remarkable about a group; a group can be filtered by each. */
export const traits = ["bonus paid", "bonus moved an advantage", "p > p̃", "names the border", "bad form"] as const;
export type Trait = (typeof traits)[number];

/** Whether the answers were right more often with the frames in order than shuffled. */
export const orderHelped = ({ p, pShuffled }: Pick<Rollouts, "p" | "pShuffled">): boolean =>
  p !== null && pShuffled !== null && p > pShuffled;

/** @param scoring - of the arm that sampled the group. */
export function traitsOf(group: Rollouts, scoring: ScoreOptions): Trait[] {
  const { ordered } = group;
  const has: Record<Trait, boolean> = {
    "bonus paid": ordered.some(({ temporalBonus }) => temporalBonus > 0),
    "bonus moved an advantage": bonusShift(group, scoring) > tolerance,
    "p > p̃": orderHelped(group),
    "names the border": ordered.some(({ text }) => leansOnBorder(text)),
    "bad form": ordered.some(({ format }) => format < 1),
  };
  return traits.filter((trait) => has[trait]);
}
