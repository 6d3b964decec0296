import type { Claim, Example } from "@videor1/data";
import type { ClipOrders } from "./clip-orders.ts";
import type { ReadyClips } from "./ready-clips.ts";

/** One prompt of a step, before it is made. */
export interface Job {
  /** `<step>/<round>/<n>`, as in rollouts.jsonl, where steps count from 1 and n counts the prompts of the round from 0. */
  id: string;
  example: Example;
  media: JobMedia;
  /** Seed of everything that is drawn for this prompt: its completions, the other order of its frames, the control's. */
  seed: number;
  /** Replay: the part of the batch that the prompt belonged to. Training fills the parts in order. */
  part?: number | undefined;
}

/** The clips of a job, and the hash of their frames. */
export interface JobMedia extends ClipOrders, Pick<ReadyClips, "framesHash"> {}

/** A prompt that a step has drawn. Its clips are asked for where its part of the batch is computed. */
export interface DrawnJob extends Omit<Job, "media"> {
  media: Claim<JobMedia>;
}

/** What a prompt was made of, for its line of rollouts.jsonl. */
export interface PromptFacts {
  /** SHA-256, in hex, of the decoded pixels of all clips and their shapes. */
  framesHash: string;
  /** Display positions of the frames in their file, one clip after the other. */
  frameIndices: number[];
  /** Seconds from the first frame of its video to each frame; null for images. */
  frameSeconds: (number | null)[];
  /** Frames of each clip. */
  clipFrames: number[];
  /** Frame f of the permuted clips, counted through, is frame permutation[f] of the ordered ones; null: no permuted clips. */
  permutation: number[] | null;
  /** [G] for the control of order contrast: whose bonus each correct response gets; null otherwise. */
  bonusOrder: number[] | null;
}
