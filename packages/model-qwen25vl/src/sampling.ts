import { type DrawnToken, tokenDraw } from "@videor1/engine";
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

  const sampling = { doSample, temperature, topP, topK, repetitionPenalty };
  const draw = tokenDraw(sampling, (logSum) => new NonFiniteLogitsError(logSum));
  return (logits: Float32Array, seen: ReadonlySet<number>, seed: number, n: number): DrawnToken =>
    draw(logits, seen, () => uniformAt(seed, n));
}

/** The n-th uniform number of a seed. */
function uniformAt(seed: number, n: number): number {
  const [high, low] = philox([n, 0, 0, 0], keyOf(seed));
  return uniform(high, low);
}
