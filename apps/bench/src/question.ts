import type { Example, Message } from "@videor1/data";
import type { Answer } from "@videor1/eval";

/** A record to be asked, with the words to ask it in. */
export interface Question extends Example {
  turns: Message[];
  /** The benchmark that it is an item of. */
  benchmark?: string;
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
