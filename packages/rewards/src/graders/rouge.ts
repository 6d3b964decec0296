import { memoized } from "../memoized.ts";
import { porterStem } from "./porter-stem.ts";

/** Shares of what matches, each in [0, 1]. */
export interface Overlap {
  /** Of the prediction. */
  precision: number;
  /** Of the target. */
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
  // Texts repeat their words, and the two texts each other's: each is stemmed once.
  const stemOf = useStemmer ? memoized(stemLongWord) : (token: string) => token;
  const targetTokens = tokenize(target).map(stemOf);
  const predictionTokens = tokenize(prediction).map(stemOf);
  const ids = new Map<string, number>();
  for (const token of targetTokens) if (!ids.has(token)) ids.set(token, ids.size);
  // A token that the target lacks gets -1: it counts in the length and matches nothing.
  const t = Int32Array.from(targetTokens, (token) => ids.get(token)!);
  const p = Int32Array.from(predictionTokens, (token) => ids.get(token) ?? -1);
  return {
    rouge1: overlap(sharedUnigrams(t, p), t.length, p.length),
    rouge2: overlap(sharedBigrams(t, p, ids.size), t.length - 1, p.length - 1),
    rougeL: overlap(longestCommonSubsequence(t, p), t.length, p.length),
  };
}

function tokenize(text: string): string[] {
  return text.toLowerCase().match(/[a-z0-9]+/g) ?? [];
}

function stemLongWord(token: string): string {
  return token.length > 3 ? porterStem(token) : token;
}

/** Matches, each token of the target used once. */
function sharedUnigrams(t: Int32Array, p: Int32Array): number {
  const left = new Map<number, number>();
  for (const id of t) left.set(id, (left.get(id) ?? 0) + 1);
  return p.reduce((shared, id) => shared + take(left, id), 0);
}

/** The same for pairs of neighbours, a pair being one number. */
function sharedBigrams(t: Int32Array, p: Int32Array, vocabulary: number): number {
  const left = new Map<number, number>();
  for (let i = 1; i < t.length; i++) {
    const pair = t[i - 1]! * vocabulary + t[i]!;
    left.set(pair, (left.get(pair) ?? 0) + 1);
  }
  let shared = 0;
  for (let i = 1; i < p.length; i++) {
    if (p[i - 1]! >= 0 && p[i]! >= 0) shared += take(left, p[i - 1]! * vocabulary + p[i]!);
  }
  return shared;
}

/** 1 and one fewer left, or 0 if none is. */
function take(left: Map<number, number>, key: number): number {
  const count = left.get(key) ?? 0;
  if (count === 0) return 0;
  left.set(key, count - 1);
  return 1;
}

/** Length of the longest common subsequence, one row of the table at a time. */
function longestCommonSubsequence(t: Int32Array, p: Int32Array): number {
  const row = new Int32Array(t.length + 1);
  for (const id of p) {
    if (id < 0) continue;
    let diagonal = 0;
    for (let j = 1; j < row.length; j++) {
      const above = row[j]!;
      row[j] = t[j - 1] === id ? diagonal + 1 : Math.max(above, row[j - 1]!);
      diagonal = above;
    }
  }
  return row[t.length]!;
}

/** 0 everywhere if nothing matches. */
function overlap(matches: number, targetCount: number, predictionCount: number): Overlap {
  if (matches === 0) return { precision: 0, recall: 0, fMeasure: 0 };
  const precision = matches / predictionCount;
  const recall = matches / targetCount;
  return { precision, recall, fMeasure: (2 * precision * recall) / (precision + recall) };
}
