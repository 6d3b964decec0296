import type { Sampling } from "./ops/decode-session.ts";

/** A chosen token and its log-probability under the model itself: temperature 1, nothing cut off, no penalty. */
export interface DrawnToken {
  id: number;
  logp: number;
}

/**
 * Chooses tokens: penalty, temperature, top-k, top-p, draw, in the order of transformers.
 *
 * @param notFinite - The error where the logits are not finite, of their log-sum-exp.
 * @returns draw(logits [V], ids that the penalty applies to, what gives a number in [0, 1)).
 */
export function tokenDraw(
  { doSample, temperature, topP, topK, repetitionPenalty }: Sampling,
  notFinite: (logSum: number) => Error,
) {
  let weights = new Float64Array(0); // scratch

  return (logits: Float32Array, seen: ReadonlySet<number>, uniform: () => number): DrawnToken => {
    if (weights.length !== logits.length) weights = new Float64Array(logits.length);
    const logSum = largestOf(logits) + Math.log(fillWeights(weights, logits, 1));
    if (!Number.isFinite(logSum)) throw notFinite(logSum);
    const scores = repetitionPenalty === 1 ? logits : penalise(logits, seen, repetitionPenalty);
    if (!doSample) return pick(scores.indexOf(largestOf(scores)));
    if (scores !== logits || temperature !== 1) fillWeights(weights, scores, temperature);
    if (topK > 0 && topK < weights.length) keepLargest(weights, topK);
    if (topP < 1) keepNucleus(weights, topP);
    return pick(draw(weights, uniform()));

    function pick(id: number): DrawnToken {
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

function penalise(logits: Float32Array, seen: ReadonlySet<number>, penalty: number): Float32Array {
  const scores = logits.slice();
  for (const id of seen) scores[id] = logits[id]! > 0 ? logits[id]! / penalty : logits[id]! * penalty;
  return scores;
}
