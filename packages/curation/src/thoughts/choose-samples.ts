import { formatReward } from "@videor1/rewards";

/** Which of a record's samples are kept. */
export const keptSamples = ["first", "best", "all"] as const;
export type KeptSamples = (typeof keptSamples)[number];

/**
 * The places of the samples to keep, of at least one. `best`: the highest reward; of equals one that is a thinking and then an
 * answer, and of those the first.
 */
export function chooseSamples(samples: readonly { reward: number; output: string }[], keep: KeptSamples): number[] {
  const places = samples.map((_, i) => i);
  if (keep === "all") return places;
  if (keep === "first") return places.slice(0, 1);
  const formats = samples.map(({ output }) => formatReward(output));
  return places
    .sort((a, b) => samples[b]!.reward - samples[a]!.reward || formats[b]! - formats[a]! || a - b)
    .slice(0, 1);
}
