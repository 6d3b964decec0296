import { bootstrapDifference, type Estimate, estimateMean, type McNemar, mcnemar } from "@videor1/statistics";

/** The score of one video question with the frames in one order. */
export interface OrderScore {
  id: string;
  /** In [0, 1]. */
  score: number;
  /** The clip that it is about: questions about one clip are not independent. */
  clip: string;
}

/** What a model's score owes to the frames: in order against shown otherwise. */
export interface Reliance {
  /** Video questions that ended in both. */
  n: number;
  clips: number;
  /** Mean scores, with intervals over clips. */
  ordered: Estimate;
  other: Estimate;
  /** ordered - other, with its interval over clips: what the order, or the sight, of the frames is worth. */
  difference: Estimate;
  /** Questions right in order alone, right otherwise alone, and the exact p of so uneven a split. */
  gained: number;
  lost: number;
  p: McNemar["p"];
}

/**
 * The temporal reliance of a model: mean over video questions of score(frames in order) - score(frames shown otherwise), with a
 * 95 % interval by resampled clips. T-GRPO pays for it in training; here it is asked of any model.
 *
 * A question is right where its score is 1. Questions that are in one of the two lists alone are left out of both.
 *
 * @param next - uniform draws in [0, 1).
 * @returns undefined if no question is in both.
 * @see arXiv:2503.21776 section 3.2
 */
export function temporalReliance(
  ordered: readonly OrderScore[],
  others: readonly OrderScore[],
  next: () => number,
): Reliance | undefined {
  const otherOf = new Map(others.map(({ id, score }) => [id, score]));
  const both = ordered.filter(({ id }) => otherOf.has(id));
  if (both.length === 0) return undefined;
  const after = both.map(({ score }) => score);
  const before = both.map(({ id }) => otherOf.get(id)!);
  const clips = both.map(({ clip }) => clip);
  const isRight = (score: number) => score === 1;
  return {
    n: both.length,
    clips: new Set(clips).size,
    ordered: estimateMean(after, clips)!,
    other: estimateMean(before, clips)!,
    difference: bootstrapDifference(before, after, clips, { next }),
    ...mcnemar(before.map(isRight), after.map(isRight)),
  };
}
