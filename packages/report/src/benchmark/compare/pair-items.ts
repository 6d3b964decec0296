import { type GradedPredictionLine, RunFileError } from "@videor1/runs";
import type { BenchmarkRun } from "../benchmark-run.ts";
import { titleOf } from "../evaluated.ts";

/** One item in two evaluations. */
export interface ItemPair {
  before: GradedPredictionLine;
  after: GradedPredictionLine;
}

export interface PairedItems {
  /** In the order of the first. */
  pairs: ItemPair[];
  onlyBefore: string[];
  onlyAfter: string[];
  /** Items with another right answer in the other evaluation. */
  otherAnswer: string[];
}

/**
 * Matches the items of two evaluations of one benchmark by id.
 *
 * @throws {RunFileError} `RUN_FILES_DISAGREE` if the benchmarks differ, or no item is in both.
 */
export function pairItems(first: BenchmarkRun, second: BenchmarkRun): PairedItems {
  const path = `${first.summary.name}.json, ${second.summary.name}.json`;
  if (first.summary.benchmark !== second.summary.benchmark)
    throw new RunFileError("RUN_FILES_DISAGREE", {
      path,
      reason: `are of different benchmarks, ${titleOf(first.summary)} and ${titleOf(second.summary)}`,
      hint: "Compare two evaluations of one benchmark.",
    });
  const idOf = ({ problemId }: GradedPredictionLine) => String(problemId);
  const afterOf = new Map(second.items.map((item) => [idOf(item), item]));
  const known = new Set(first.items.map(idOf));
  const found = first.items.flatMap((before) => {
    const after = afterOf.get(idOf(before));
    return after === undefined ? [] : [{ before, after }];
  });
  const isSame = ({ before, after }: ItemPair) => before.solution === after.solution;
  const pairs = found.filter(isSame);
  if (pairs.length === 0)
    throw new RunFileError("RUN_FILES_DISAGREE", {
      path,
      reason: "have no item in common",
      hint: "Evaluate both models on the same items: with the same tasks, limit and source.",
    });
  return {
    pairs,
    onlyBefore: first.items.map(idOf).filter((id) => !afterOf.has(id)),
    onlyAfter: second.items.map(idOf).filter((id) => !known.has(id)),
    otherAnswer: found.filter((pair) => !isSame(pair)).map(({ before }) => idOf(before)),
  };
}
