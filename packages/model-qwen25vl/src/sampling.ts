import { keyOf, philox, uniform } from "@videor1/random";
import { ModelInputError, NonFiniteLogitsError } from "./errors.ts";

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
 * @returns choose(logits [V], seen ids of the row, seed, n); it throws a NonFiniteLogitsError if the logits are not finite.
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

  let weights = new Float64Array(0); // scratch

  return (logits: Float32Array, seen: ReadonlySet<number>, seed: number, n: number): Sample => {
    if (weights.length !== logits.length) weights = new Float64Array(logits.length);
    const logSum = largestOf(logits) + Math.log(fillWeights(weights, logits, 1));
    if (!Number.isFinite(logSum)) throw new NonFiniteLogitsError(logSum);
    const scores = repetitionPenalty === 1 ? logits : penalise(logits, seen, repetitionPenalty);
    if (!doSample) return pick(scores.indexOf(largestOf(scores)));
    if (scores !== logits || temperature !== 1) fillWeights(weights, scores, temperature);
    if (topK > 0 && topK < weights.length) keepLargest(weights, topK);
    if (topP < 1) keepNucleus(weights, topP);
    return pick(draw(weights, uniformAt(seed, n)));

    function pick(id: number): Sample {
      return { id, logp: logits[id]! - logSum };
    }
  };
}

/** weights = exp((scores - largest) / temperature); returns their sum. */
function fillWeights(weights: Float64Array, scores: Float32Array, temperature: number): number {
  const largest = largestOf(scores);
  for (let id = 0; id < weights.length; id++) weights[id] = Math.exp((scores[id]! - largest) / temperature);
  return sumOf(weights);
}

/** Index i with probability weights[i] / sum. */
function draw(weights: Float64Array, u: number): number {
  let rest = u * sumOf(weights);
  let last = 0;
  for (let id = 0; id < weights.length; id++) {
    if (weights[id] === 0) continue;
    last = id;
    rest -= weights[id]!;
    if (rest < 0) break;
  }
  return last;
}

/** Zeroes all weights below the k-th largest. */
function keepLargest(weights: Float64Array, k: number): void {
  const limit = weights.slice().sort().at(-k)!;
  for (let id = 0; id < weights.length; id++) if (weights[id]! < limit) weights[id] = 0;
}

/** Zeroes all but the fewest largest weights that hold the share topP of the sum. */
function keepNucleus(weights: Float64Array, topP: number): void {
  const target = topP * sumOf(weights);
  const ids = Uint32Array.from(weights.keys());
  // Sorting a vocabulary is slow: sort only the heavy ids, if they hold enough.
  const heavy = ids.filter((id) => weights[id]! > 1e-4);
  const enough = heavy.reduce((sum, id) => sum + weights[id]!, 0) >= target;
  const sorted = (enough ? heavy : ids).sort((a, b) => weights[b]! - weights[a]! || a - b);
  const kept = new Map<number, number>();
  let mass = 0;
  for (const id of sorted) {
    kept.set(id, weights[id]!);
    mass += weights[id]!;
    if (mass >= target) break;
  }
  weights.fill(0);
  for (const [id, weight] of kept) weights[id] = weight;
}

function largestOf(values: Float32Array): number {
  let largest = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i++) if (!(values[i]! <= largest)) largest = values[i]!; // NaN too
  return largest;
}

function sumOf(values: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum;
}

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
