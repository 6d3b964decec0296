import type { BenchmarkItem } from "../item.ts";
import type { Reading } from "../scorers/scorer.ts";

export interface JudgeMessage {
  role: "system" | "user";
  content: string;
}

/** Asks a language model; an app wires it to a server. It rejects where no reply comes. */
export type Judge = (messages: readonly JudgeMessage[]) => Promise<string>;

/** What a judge is asked about one output. */
export interface JudgeQuestion {
  /** Of the messages and of how replies are read: `mmvu-1`. A change of either is another. */
  prompt: string;
  messages: readonly JudgeMessage[];
  /** The judge's score; undefined for a reply that gives none. */
  read(reply: string): Verdict | undefined;
}

export type Verdict = Pick<Reading, "score" | "extracted">;

/** Finds another item of the benchmark by its id. */
export type FindItem = (id: string) => BenchmarkItem | undefined;
