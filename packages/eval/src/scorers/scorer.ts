import type { BenchmarkName } from "../benchmark-name.ts";
import type { BenchmarkItem } from "../item.ts";

/** Whose reading of an output decides its score. `"safe"` is ours and the default. */
export const scorerNames = ["safe", "official", "video-r1", "lmms-eval", "vlmevalkit"] as const;
export type ScorerName = (typeof scorerNames)[number];

/**
 * What kept a reading from being a plain score:
 * - `"unparsed"`: no answer could be read; score 0;
 * - `"unjudged"`: only a judge can say, and none was asked; ours, in the denominator with score 0;
 * - `"judge"`: this harness would ask a language model; the score is what comes out when that gives nothing;
 * - `"dropped"`: this harness leaves the item out of its denominator; score null;
 * - `"random"`: this harness draws an option by chance; score null;
 * - `"unmatched"`: 0, and not in this harness's match rate;
 * - `"error:X"`: this output ends the harness with its exception X; score null.
 */
export type ReadingStatus = "unparsed" | "unjudged" | "judge" | "dropped" | "random" | "unmatched" | `error:${string}`;

/** What a scorer took for the answer: a text, a number, or all that an open answer may mean. */
export type Extracted = string | number | readonly (string | number)[];

/** How a scorer reads one output. */
export interface Reading {
  /** In [0, 1]; null where the scorer gives none, or a foreign harness's own mark for that, -1. */
  score: number | null;
  /** What it takes for the answer, where it says; null: nothing, or for video-r1 the whole output. */
  extracted?: Extracted | null;
  /** The rule that found the answer; our own scorer's only. */
  rule?: string;
  /** Absent: scored. */
  status?: ReadingStatus;
}

/** What a scorer makes of a run: a table, or the rows of one. */
export type Aggregate = Readonly<Record<string, unknown>> | readonly Readonly<Record<string, unknown>>[];

/** A scorer's rules for one benchmark. */
export interface BenchmarkScorer {
  /** The score of one output. Never throws: an exception of the foreign code is a status. */
  read(item: BenchmarkItem, output: string): Reading;
  /** What the scorer prints or returns for a run, under its own names and in its own units. */
  aggregate(items: readonly BenchmarkItem[], readings: readonly Reading[]): Aggregate;
}

/** A scorer's rules by benchmark; one that the scorer does not know is absent. */
export type Scorer = Partial<Record<BenchmarkName, BenchmarkScorer>>;
