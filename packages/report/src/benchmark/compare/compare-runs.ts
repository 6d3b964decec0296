import { earned } from "@videor1/eval";
import type { GradedPredictionLine } from "@videor1/runs";
import {
  bootstrapDifference,
  type Estimate,
  estimateMean,
  groupBy,
  holm,
  type McNemar,
  mcnemar,
} from "@videor1/statistics";
import type { BenchmarkRun } from "../benchmark-run.ts";
import { type Evaluated, evaluated } from "../evaluated.ts";
import { commonScorer } from "./common-scorer.ts";
import { type ItemPair, pairItems } from "./pair-items.ts";

/** Two evaluations on the same items: `before` is the first, `after` the second. */
export interface ComparedScores extends McNemar {
  name: string;
  n: number;
  clips: number;
  /** Mean scores over the items, with intervals over clips. */
  before: Estimate;
  after: Estimate;
  /** after - before, with its interval over resampled clips. */
  difference: Estimate;
}

/** A paired comparison of two evaluations of one benchmark. */
export interface RunComparison {
  before: Evaluated;
  after: Evaluated;
  /** Whose scores are compared. */
  scorer: string;
  all: ComparedScores;
  /** By task, with p corrected by Holm for the number of tasks. */
  tasks: (ComparedScores & { correctedP: number })[];
  /** By the number of frames that the items were seen with, e.g. `16 → 32`; empty where it is the same for all. */
  frames: ComparedScores[];
  /** Ids of items in one of the two alone, and of items with another right answer in the other; they are left out. */
  onlyBefore: string[];
  onlyAfter: string[];
  otherAnswer: string[];
  /** Ids of items that the second alone, and the first alone, has right. */
  gainedIds: string[];
  lostIds: string[];
}

export interface CompareOptions {
  /** Uniform draws in [0, 1) for each row by its name, e.g. of `randomStream` of @videor1/random. */
  draws: (name: string) => () => number;
  /** Whose scores; default the main scorer of the first. */
  scorer?: string | undefined;
  /** Default 10,000. */
  resamples?: number;
}

/**
 * Compares two evaluations of one benchmark item by item, matched by id: a difference of means over the items with an interval
 * by resampled clips, and McNemar's test of who is right where the other is not. A score that a scorer does not give counts
 * as 0.
 *
 * @throws {RunFileError} `RUN_FILES_DISAGREE` if the benchmarks differ, no item is in both, or one has no readings of the scorer.
 */
export function compareRuns(first: BenchmarkRun, second: BenchmarkRun, options: CompareOptions): RunComparison {
  const [before, after] = [evaluated(first.summary), evaluated(second.summary)];
  const scorer = commonScorer(before, after, options.scorer);
  const { pairs, ...others } = pairItems(first, second);
  const scored = pairs.map(
    (pair): ScoredPair => ({
      ...pair,
      scores: [scoreOf(pair.before, before, scorer), scoreOf(pair.after, after, scorer)],
    }),
  );
  const rows = (by: string, name: (pair: ItemPair) => string) =>
    [...groupBy(scored, name)].map(([name, of]) => compared(name, of, options, `${by}: ${name}`));
  const tasks = rows("task", ({ before }) => before.task);
  const correctedPs = holm(tasks.map(({ p }) => p));
  const isMixed = new Set(scored.map(frameChange)).size > 1;
  const ids = (of: readonly ScoredPair[]) => of.map(({ before }) => String(before.problemId));
  return {
    before,
    after,
    scorer,
    all: compared("all items", scored, options, "all"),
    tasks: tasks.map((row, i) => ({ ...row, correctedP: correctedPs[i]! })),
    frames: isMixed ? rows("frames", frameChange) : [],
    ...others,
    gainedIds: ids(scored.filter(({ scores: [a, b] }) => a !== 1 && b === 1)),
    lostIds: ids(scored.filter(({ scores: [a, b] }) => a === 1 && b !== 1)),
  };
}

interface ScoredPair extends ItemPair {
  scores: readonly [before: number, after: number];
}

function scoreOf(item: GradedPredictionLine, { evaluation }: Evaluated, scorer: string): number {
  if (scorer === evaluation.mainScorer) return item.score;
  const reading = item.readings?.[scorer];
  return (reading && earned(reading)) ?? 0;
}

function compared(
  name: string,
  pairs: readonly ScoredPair[],
  { draws, resamples }: CompareOptions,
  stream: string,
): ComparedScores {
  const before = pairs.map(({ scores }) => scores[0]);
  const after = pairs.map(({ scores }) => scores[1]);
  const clips = pairs.map((pair) => pair.before.path);
  const isRight = (score: number) => score === 1;
  return {
    name,
    n: pairs.length,
    clips: new Set(clips).size,
    before: estimateMean(before, clips)!,
    after: estimateMean(after, clips)!,
    difference: bootstrapDifference(before, after, clips, {
      next: draws(stream),
      ...(resamples !== undefined && { resamples }),
    }),
    ...mcnemar(before.map(isRight), after.map(isRight)),
  };
}

/** Frames that an item was seen with, over all its clips; undefined where the engine does not say. */
function framesOf(item: GradedPredictionLine): number | undefined {
  if (item.status !== "answered" || item.clips === undefined) return undefined;
  return item.clips.reduce((sum, { indices }) => sum + indices.length, 0);
}

function frameChange({ before, after }: ItemPair): string {
  const [from, to] = [before, after].map((item) => String(framesOf(item) ?? "not known"));
  return from === to ? from! : `${from} → ${to}`;
}
