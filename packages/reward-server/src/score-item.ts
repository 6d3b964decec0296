import { extractAnswer, formatReward, type ItemScore, type ProblemType, scoreBatch } from "@videor1/rewards";
import type { Scoring } from "./scoring.ts";

export interface Item {
  completion: string;
  solution: string;
  /** One of the package's `problemTypes`; another one fails the item. */
  problemType: string;
  /** The question's options as the prompt shows them, for a scoring with `choices`. */
  options?: readonly string[] | null | undefined;
  /** The prompt ends in `<think>`; else `Scoring` says so for all. */
  thinkingOpened?: boolean | undefined;
  /** Why the item cannot be scored: it earns nothing and counts as failed. */
  problem?: string | undefined;
}

/** An item's rewards and reason: the fields of `scoreBatch`, their weighted sum, and the wall time of each component. */
export interface Score extends ItemScore {
  /** accuracyWeight * accuracy + formatWeight * format */
  reward: number;
  /** `format` is what `formatReward` takes; `accuracy` is the rest: extraction, comparison, reason. */
  milliseconds: { accuracy: number; format: number };
}

/**
 * Scores one item in a time that the lengths of its texts bound: all rewards are linear but the two that align words, and
 * those are not computed beyond `maxItemWork`. Such an item, and one of an unknown type, counts as failed and earns nothing: a
 * format reward would draw every group towards its form. Under the rules `video-r1` it keeps the format reward, as in the
 * original.
 */
export function scoreItem(item: Item, scoring: Scoring): Score {
  const { rules, optionsOf, accuracyWeight, formatWeight } = scoring;
  const { completion, thinkingOpened = scoring.thinkingOpened, problem } = item;
  const options = optionsOf({ options: item.options, thinkingOpened });
  const start = performance.now();
  const format = problem === undefined ? formatReward(completion, options) : 0;
  const formatDone = performance.now();
  const solution = tagged(item.solution);
  const problemType = item.problemType as ProblemType;
  const found =
    problem === undefined
      ? (tooLong(item, scoring, format) ?? scoreBatch([{ completion, solution, problemType }], options).results[0]!)
      : { accuracy: 0, format, answer: "", truth: "", rule: null, note: problem };
  const score = rules === "safe" && found.rule === null ? { ...found, format: 0 } : found;
  const end = performance.now();
  return {
    reward: accuracyWeight * score.accuracy + formatWeight * score.format,
    ...score,
    milliseconds: { accuracy: milliseconds(end - formatDone), format: milliseconds(formatDone - start) },
  };
}

/** The solution in its tags: under the rules `video-r1` there is no answer without them. */
const tagged = (solution: string): string =>
  solution.includes("<answer>") ? solution : `<answer>${solution}</answer>`;

/**
 * (|answer| + 1000) (|truth| + 1000), lengths in UTF-16 units: a bound on the time to align their words, at most 0.1 ns a
 * unit as `bench/longest-items.bench.ts` measures. The 1000 stands for the part of the time that is linear.
 */
const alignmentWork = (answer: string, truth: string): number => (answer.length + 1000) * (truth.length + 1000);

/** The score of an item whose words are too many to align; undefined if they are not. */
function tooLong(
  item: Item,
  { rules, thinkingOpened: opened, maxItemWork }: Scoring,
  format: number,
): ItemScore | undefined {
  const { completion, solution, problemType, thinkingOpened = opened } = item;
  if (problemType !== "OCR" && problemType !== "free-form") return undefined;
  if (alignmentWork(completion, solution) <= maxItemWork) return undefined;
  const answer = extractAnswer(completion, { rules, thinkingOpened });
  const truth = solution.includes("<answer>") ? extractAnswer(solution, { rules }) : solution;
  if (alignmentWork(answer, truth) <= maxItemWork) return undefined;
  const note = `not compared: an answer of ${answer.length} and a truth of ${truth.length} characters are beyond maxItemWork ${maxItemWork}`;
  return { accuracy: 0, format, answer: "", truth: "", rule: null, note };
}

/** To whole microseconds. */
const milliseconds = (value: number): number => Math.round(value * 1000) / 1000;
