import type { Outcome } from "@videor1/eval";
import type { FrameOrder } from "../questions/frame-order.ts";
import type { Question } from "../questions/question.ts";

/** What answers questions: a model in this process, or a server. */
export interface AnswerEngine {
  /** Questions of one call, and calls at a time. */
  readonly batchSize: number;
  readonly concurrency: number;
  /** Questions that are computed together: a part of a run holds whole ones, so that it rounds as the whole run does. */
  readonly togetherSize: number;
  /** Loads the model, or looks whether the server is there; before the first answer. */
  open(): Promise<void>;
  /** Begins to make questions ready that will be asked next, while others are answered; absent: it has no use for it. */
  prepare?(questions: readonly Question[], request: AnswerRequest): void;
  /** An outcome for each question, in their order. */
  answer(questions: readonly Question[], request: AnswerRequest): Promise<Outcome[]>;
  /** Whether no question can be answered after this error. */
  isFatal(error: unknown): boolean;
  close(): Promise<void>;
}

export interface AnswerRequest {
  frames: FrameOrder;
  mediaRoot: string;
  signal: AbortSignal;
}
