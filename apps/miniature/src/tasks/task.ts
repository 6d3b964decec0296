import type { RandomStream } from "@videor1/random";
import type { ProblemType } from "@videor1/rewards";
import type { Frames } from "./canvas.ts";

/** A generated question with its clip and the reasoning that a good annotator would write. */
export interface Item {
  frames: Frames;
  dataType: "image" | "video";
  problem: string;
  options: readonly string[];
  answer: string;
  thought: string;
  /** The reasoning of an annotator who looks at the border alone; its answer is wrong if the cue is. */
  shortcut?: { thought: string; answer: string };
  /** The last clause of the thought, which a re-checking annotator repeats. */
  conclusion: string;
}

export interface TaskOptions {
  /** Probability that the border agrees with the answer; "uniform": the border carries no information. */
  cue: number | "uniform";
}

export interface Task {
  name: string;
  problemType: ProblemType;
  /** Whether the answer depends on the order of the frames. */
  temporal: boolean;
  make(rng: RandomStream, options: TaskOptions): Item;
}

export const letters = ["A", "B", "C", "D"] as const;
export const lettered = (texts: readonly string[]): string[] => texts.map((text, i) => `${letters[i]}. ${text}`);
