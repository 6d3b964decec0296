import type { SamplingOptions, ScoreOptions } from "./options.ts";

/** The options that set how many completions a prompt gets. */
export interface SampleCounts {
  rollout: Pick<SamplingOptions, "numGenerations">;
  tgrpo: Pick<ScoreOptions, "shuffledFraction" | "temporal">;
}

/** floor(G * shuffledFraction) completions of permuted frames for each video prompt under kind "tgrpo", else 0. */
export function numShuffled({ rollout, tgrpo }: SampleCounts): number {
  return tgrpo.temporal.kind === "tgrpo" ? Math.floor(rollout.numGenerations * tgrpo.shuffledFraction) : 0;
}
