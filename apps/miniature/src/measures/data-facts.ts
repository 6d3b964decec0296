import type { DataConfig } from "../config.ts";

/** The data set of a run in a few phrases, for a page of results. */
export const dataFacts = ({ sizes, tasks, cue }: DataConfig): string[] => [
  `tasks ${Object.keys(tasks).join(", ")}`,
  `${sizes.sft} clips for SFT, ${sizes.rl} for RL, ${sizes.eval} held back, for each SFT seed`,
  `the border agrees with the answer in ${cue.sft} of the SFT clips, in ${cue.rl} of the RL clips, by chance in the held-back ones`,
];
