import type { Example, Message } from "@videor1/data";
import type { Answer, BenchmarkItem, PromptName, Subtitle } from "@videor1/eval";

/** A record to be asked, with the words to ask it in. */
export interface Question extends Example {
  /** The words, or the item that a benchmark's prompt makes them of once its frames are known. */
  turns?: Message[];
  benchmark?: string;
  asked?: AskedItem;
}

/** An item of a benchmark, and how it is asked. */
export interface AskedItem {
  item: BenchmarkItem;
  prompt: PromptName;
  /** Of its video; null: asked for, but the video has none. */
  subtitles?: readonly Subtitle[] | null;
}

/** An answer, or the reason why there is none and its error's code. */
export type Outcome = Answer | { reason: string; code?: string };

/** Where the frames of a question's clips come from, as its prediction has it. */
export const framesOf = (clips: readonly { indices: number[]; timestamps?: number[] }[]): Answer["clips"] =>
  clips.map(({ indices, timestamps }) => ({ indices, ...(timestamps && { timestamps }) }));

/** The outcome of a question whose media could not be loaded. */
export function failureOf(error: unknown): { reason: string; code?: string } {
  const { message, code } = error as Error & { code?: unknown };
  return { reason: message, ...(typeof code === "string" && { code }) };
}
