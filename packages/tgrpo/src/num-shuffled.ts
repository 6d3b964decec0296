import type { SamplingOptions, ScoreOptions } from "./options.ts";

/** What decides how many completions a prompt gets. */
export interface SampleCounts {
  rollout: Pick<SamplingOptions, "numGenerations">;
  tgrpo: Pick<ScoreOptions, "shuffledFraction" | "temporal">;
}

/** Completions with shuffled frames per video prompt: floor(G * shuffledFraction), 0 but for kind "tgrpo". */
export function numShuffled({ rollout, tgrpo }: SampleCounts): number {
  return tgrpo.temporal.kind === "tgrpo" ? Math.floor(rollout.numGenerations * tgrpo.shuffledFraction) : 0;
}
