import type { GradedPredictionLine, ItemOutcome, ReadingLine } from "@videor1/runs";
import type { FrameStrip } from "../../rollouts/frame-strip.ts";

/** Where the frames of one clip come from, in the order in which the model saw them. */
export interface ClipView {
  indices: readonly number[];
  /** Seconds from the video's first frame, to a hundredth; videos only. */
  seconds?: readonly number[];
}

/** The frames of an item as the page shows them: a strip, and which of the frames in order are in it. */
export interface ShownFrames {
  strip: FrameStrip;
  positions: readonly number[];
}

/** Right in the second of two compared evaluations alone, or in the first alone. */
export type ItemChange = "gained" | "lost";

/** An item as the page shows it. Its texts come from a model or a data set: they are never markup. */
export interface ItemView
  extends Pick<GradedPredictionLine, "task" | "problem" | "options" | "path" | "score" | "compared"> {
  /** Index of the evaluation. */
  run: number;
  id: string;
  outcome: ItemOutcome;
  /** The right answer, without tags. */
  gold: string;
  /** What the model wrote; null where it could not be asked, with the reason. */
  output: string | null;
  reason?: string;
  /** The limit ended the answer. */
  isCut: boolean;
  tokens?: number;
  readings: readonly (ReadingLine & { scorer: string })[];
  /** Two scorers that give it a score give different ones. */
  disagrees: boolean;
  change?: ItemChange;
  /** Index into the clips that were seen; absent where the engine does not say. */
  clips?: number;
}

/** Everything that the page of benchmarks shows by script; it is embedded in the page as JSON. */
export interface BenchmarkData {
  title: string;
  runs: { name: string; mainScorer: string }[];
  items: ItemView[];
  /** Items on the same frames share them. */
  clips: ClipView[][];
  /** By index of the clips: the frames, or why they could not be read; absent where they were not asked for. */
  frames: Record<number, ShownFrames | { reason: string }>;
}
