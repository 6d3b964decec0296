import { aggregateScores } from "../../aggregate.ts";
import { type BenchmarkName, benchmarkNames } from "../../benchmark-name.ts";
import type { BenchmarkScorer, Scorer } from "../scorer.ts";
import { readSafe } from "./read-safe.ts";

/**
 * Our own scorer of every benchmark, strict about guessing and lenient about form: no chance, no credit for an empty output,
 * no answer out of the thinking, no nearest option, no item dropped; an option by its letter, text or both, numbers with
 * units and in words, yes and no with words around. Each reading names the rule that found the answer.
 */
export const safe = Object.fromEntries(benchmarkNames.map((name) => [name, scorerOf(name)])) as Required<Scorer>;

function scorerOf(name: BenchmarkName): BenchmarkScorer {
  return { read: readSafe, aggregate: (items, readings) => ({ ...aggregateScores(name, items, readings) }) };
}
