import { ModelInputError } from "./errors.ts";
import { keyOf, philox, uniform } from "./philox.ts";

export interface SamplingOptions {
  /** Draw from the distribution; false takes the most probable token. Default true. */
  doSample?: boolean;
  /** Logits are divided by it when sampling. Default 1. */
  temperature?: number;
  /** Keep the smallest set of most probable tokens whose probability reaches it. Default 1: all. */
  topP?: number;
  /** Keep the k most probable tokens, and those that tie with the last. Default 0: all. */
  topK?: number;
  /** Logits of tokens already in the row are divided (positive) or multiplied (negative) by it. Default 1. */
  repetitionPenalty?: number;
}

/** A chosen token and its log-probability under the model itself: temperature 1, nothing cut off, no penalty. */
export interface Sample {
  id: number;
  logp: number;
}

/**
 * Chooses tokens: penalty, temperature, top-k, top-p, draw, in the order of transformers.
 * The n-th draw of a row depends on its seed and n alone (counter-based), not on the other rows.
 *
 * @returns choose(logits [V], seen ids of the row, seed, n); it throws RangeError if the logits are not finite.
 * @throws {ModelInputError} GENERATE_OPTIONS
 */
export function createSampler(options: SamplingOptions) {
  const { doSample = true, temperature = 1, topP = 1, topK = 0, repetitionPenalty = 1 } = options;
  const bounds: [boolean, string][] = [
    [temperature > 0, `temperature ${temperature} must be > 0; for the most probable token set doSample: false`],
    [topP > 0 && topP <= 1, `topP ${topP} must be in (0, 1]`],
    [Number.isInteger(topK) && topK >= 0, `topK ${topK} must be an integer >= 0`],
    [repetitionPenalty > 0, `repetitionPenalty ${repetitionPenalty} must be > 0`],
  ];
  const broken = bounds.find(([holds]) => !holds);
  if (broken)
    throw new ModelInputError("GENERATE_OPTIONS", broken[1], "Correct the generation options.", { ...options });

  return (logits: Float32Array, seen: ReadonlySet<number>, seed: number, n: number): Sample => {
    const largest = largestOf(logits);
    if (!Number.isFinite(largest))
      throw new RangeError(`sampling: the largest logit is ${largest}, logits are not finite`);
    const sum = logits.reduce((sum, logit) => sum + Math.exp(logit - largest), 0);
    const scores = repetitionPenalty === 1 ? logits : penalise(logits, seen, repetitionPenalty);
    const id = doSample ? draw(scores, uniformAt(seed, n)) : scores.indexOf(largestOf(scores));
    return { id, logp: logits[id]! - largest - Math.log(sum) };
  };

  function draw(scores: Float32Array, u: number): number {
    const largest = largestOf(scores);
    const weightOf = (id: number) => Math.exp((scores[id]! - largest) / temperature);
    let ids = Uint32Array.from(scores.keys());
    if (topK > 0 && topK < ids.length) {
      const limit = scores.slice().sort().at(-topK)!;
      ids = ids.filter((id) => scores[id]! >= limit);
    }
    if (topP < 1) ids = nucleus(ids, weightOf, topP);
    const weights = Float64Array.from(ids, weightOf);
    let rest = u * sumOf(weights);
    for (const [i, weight] of weights.entries()) {
      rest -= weight;
      if (rest < 0) return ids[i]!;
    }
    return ids[weights.findLastIndex((weight) => weight > 0)]!; // rounding left a remainder
  }
}

/** The fewest ids, by falling weight, that hold the share topP of the weight of all. */
function nucleus(
  ids: Uint32Array<ArrayBuffer>,
  weightOf: (id: number) => number,
  topP: number,
): Uint32Array<ArrayBuffer> {
  const target = topP * sumOf(Float64Array.from(ids, weightOf));
  // Sorting a vocabulary is slow: first sort only the heavy ids, if they hold enough.
  const heavy = ids.filter((id) => weightOf(id) > 1e-4);
  const sorted = (sumOf(Float64Array.from(heavy, weightOf)) >= target ? heavy : ids.slice()).sort(
    (a, b) => weightOf(b) - weightOf(a) || a - b,
  );
  let [count, mass] = [0, 0];
  while (count < sorted.length && mass < target) mass += weightOf(sorted[count++]!);
  return sorted.subarray(0, Math.max(1, count));
}

const sumOf = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0);
const largestOf = (values: Float32Array): number =>
  values.reduce((largest, value) => Math.max(largest, value), -Infinity);

/** The n-th uniform number of a seed. */
function uniformAt(seed: number, n: number): number {
  const [high, low] = philox([n, 0, 0, 0], keyOf(seed));
  return uniform(high, low);
}

function penalise(logits: Float32Array, seen: ReadonlySet<number>, penalty: number): Float32Array {
  const scores = logits.slice();
  for (const id of seen) scores[id] = logits[id]! > 0 ? logits[id]! / penalty : logits[id]! * penalty;
  return scores;
}
