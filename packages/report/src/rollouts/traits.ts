import type { ScoreOptions } from "@videor1/tgrpo";
import type { NotedTrait } from "../notes.ts";
import type { Rollouts } from "../read/run-schema.ts";
import { bonusShift, tolerance } from "./bonus-effect.ts";

/** A property of groups that the page can filter by. */
export interface Trait {
  name: string;
  /** @param scoring - the scoring of the arm that sampled the group. */
  has(group: Rollouts, scoring: ScoreOptions): boolean;
}

/** Whether the answers were right more often with the frames in order than shuffled. */
export const orderHelped = ({ p, pShuffled }: Pick<Rollouts, "p" | "pShuffled">): boolean =>
  p !== null && pShuffled !== null && p > pShuffled;

/** @param noted - further traits, from the data set's notes. */
export const allTraits = (noted: readonly NotedTrait[]): readonly Trait[] => [
  { name: "bonus paid", has: ({ ordered }) => ordered.some(({ temporalBonus }) => temporalBonus > 0) },
  { name: "bonus moved an advantage", has: (group, scoring) => bonusShift(group, scoring) > tolerance },
  { name: "p > p̃", has: orderHelped },
  ...noted,
  { name: "bad form", has: ({ ordered }) => ordered.some(({ format }) => format < 1) },
];
