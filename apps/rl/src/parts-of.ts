import { splitEvenly } from "@videor1/train";
import type { RlConfig } from "./config.ts";
import type { DrawnJob } from "./job.ts";

type BatchShape = Pick<RlConfig, "promptsPerStep" | "gradientAccumulationSteps">;

/** Prompts that each part of a step's batch has place for. */
export const placesOf = ({ promptsPerStep, gradientAccumulationSteps }: BatchShape): number[] =>
  splitEvenly([...Array(promptsPerStep).keys()], gradientAccumulationSteps).map(({ length }) => length);

/**
 * Consecutive jobs for each part, as many as it has places; the last ones get fewer where jobs are short. Jobs that name
 * their part go there.
 *
 * @param places - Default: all of a step.
 */
export function partsOf(
  jobs: readonly DrawnJob[],
  shape: BatchShape,
  places: readonly number[] = placesOf(shape),
): DrawnJob[][] {
  if (jobs.some((job) => job.part !== undefined))
    return places.map((_, part) => jobs.filter((job) => job.part === part));
  let next = 0;
  return places.map((count) => {
    const ofPart = jobs.slice(next, next + count);
    next += count;
    return ofPart;
  });
}
