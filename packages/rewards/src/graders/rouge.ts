import { longestCommonSubsequence } from "./longest-common-subsequence.ts";
import { vocabularyOf } from "./tokens.ts";

/** Shares of matching tokens, each in [0, 1]. */
export interface Overlap {
  /** Share of the prediction that the target has too. */
  precision: number;
  /** Share of the target that the prediction has too. */
  recall: number;
  /** Their harmonic mean, F1. */
  fMeasure: number;
}

/** Unigrams, bigrams and the longest common subsequence. */
export interface RougeScore {
  rouge1: Overlap;
  rouge2: Overlap;
  rougeL: Overlap;
}

export interface RougeOptions {
  /** Stem tokens of more than 3 characters, as the reward does. Default true. */
  useStemmer?: boolean;
}

/**
 * ROUGE-1, ROUGE-2 and ROUGE-L F1 of one prediction, as `rouge_score` computes them: tokens are the lower-cased runs of
 * `[a-z0-9]`, so text in another script has none and scores 0.
 *
 * @see Lin 2004, "ROUGE: A Package for Automatic Evaluation of Summaries"; PyPI rouge-score 0.1.2
 */
export function rougeScore(target: string, prediction: string, { useStemmer = true }: RougeOptions = {}): RougeScore {
  const { ids: t, size, idsOf } = vocabularyOf(target, useStemmer);
  const p = idsOf(prediction);
  const unigrams = sharedUnigrams(t, p, size);
  if (unigrams === 0) return { rouge1: overlap(0, 1, 1), rouge2: overlap(0, 1, 1), rougeL: overlap(0, 1, 1) };
  const bigrams = sharedBigrams(t, p, size);
  const inOrder = longestCommonSubsequence(t, p, size, unigrams);
  return {
    rouge1: overlap(unigrams, t.length, p.length),
    rouge2: overlap(bigrams, t.length - 1, p.length - 1),
    rougeL: overlap(inOrder, t.length, p.length),
  };
}

/** Number of matching tokens, each token of the target used once. */
function sharedUnigrams(t: readonly number[], p: readonly number[], size: number): number {
  const left = new Int32Array(size + 1);
  for (const id of t) left[id]!++;
  let shared = 0;
  for (const id of p) if (left[id]!-- > 0) shared++;
  return shared;
}

/** Number of matching pairs of neighbours; each pair becomes one number. */
function sharedBigrams(t: readonly number[], p: readonly number[], size: number): number {
  const left = new Map<number, number>();
  for (let i = 1; i < t.length; i++) {
    const pair = t[i - 1]! * size + t[i]!;
    left.set(pair, (left.get(pair) ?? 0) + 1);
  }
  let shared = 0;
  for (let i = 1; i < p.length && shared < t.length - 1; i++) {
    if (p[i - 1] === size || p[i] === size) continue;
    const pair = p[i - 1]! * size + p[i]!;
    const count = left.get(pair);
    if (count === undefined || count === 0) continue;
    left.set(pair, count - 1);
    shared++;
  }
  return shared;
}

/** 0 everywhere if nothing matches. */
function overlap(matches: number, targetCount: number, predictionCount: number): Overlap {
  if (matches === 0) return { precision: 0, recall: 0, fMeasure: 0 };
  const precision = matches / predictionCount;
  const recall = matches / targetCount;
  return { precision, recall, fMeasure: (2 * precision * recall) / (precision + recall) };
}
