import {
  type AccuracyOptions,
  extractAnswer,
  formatReward,
  type ItemScore,
  type ProblemType,
  type Rules,
  scoreBatch,
} from "@videor1/rewards";

export interface Item {
  completion: string;
  solution: string;
  /** One of the package's `problemTypes`; another one fails the item. */
  problemType: string;
}

export interface Scoring {
  rules: Rules;
  /** Read `C.` and `(C)` as `C`; safe rules only. */
  lenientChoices: boolean;
  accuracyWeight: number;
  formatWeight: number;
  /** Largest product of answer and truth length, in UTF-16 units, that OCR and free-form compare. */
  maxComparisons: number;
}

/** An item's rewards and why: the fields of `scoreBatch`, their weighted sum, and the wall time of each component. */
export interface Score extends ItemScore {
  /** accuracyWeight * accuracy + formatWeight * format */
  reward: number;
  /** `format` is what `formatReward` takes; `accuracy` is the rest: extraction, comparison, reason. */
  milliseconds: { accuracy: number; format: number };
}

/**
 * Scores one item in a time that the lengths of its texts bound: all rewards are linear but the two that align words, and
 * those are not computed beyond `maxComparisons`. Such an item scores 0 for accuracy and counts as failed.
 */
export function scoreItem(item: Item, scoring: Scoring): Score {
  const { rules, lenientChoices, accuracyWeight, formatWeight } = scoring;
  const options: AccuracyOptions = rules === "safe" ? { rules, lenientChoices } : { rules };
  const start = performance.now();
  const format = formatReward(item.completion, options);
  const formatDone = performance.now();
  const score =
    tooLong(item, scoring, format) ??
    scoreBatch([{ ...item, problemType: item.problemType as ProblemType }], options).results[0]!;
  const end = performance.now();
  return {
    reward: accuracyWeight * score.accuracy + formatWeight * score.format,
    ...score,
    milliseconds: { accuracy: milliseconds(end - formatDone), format: milliseconds(formatDone - start) },
  };
}

/** The score of an item whose words are too many to align; undefined if they are not. */
function tooLong(
  { completion, solution, problemType }: Item,
  { rules, maxComparisons }: Scoring,
  format: number,
): ItemScore | undefined {
  if (problemType !== "OCR" && problemType !== "free-form") return undefined;
  if (completion.length * solution.length <= maxComparisons) return undefined;
  const answer = extractAnswer(completion, { rules });
  const truth = solution.includes("<answer>") ? extractAnswer(solution, { rules }) : solution;
  if (answer.length * truth.length <= maxComparisons) return undefined;
  const note = `answer of ${answer.length} and truth of ${truth.length} characters: their product is beyond ${maxComparisons}`;
  return { accuracy: 0, format, answer: "", truth: "", rule: null, note };
}

/** To whole microseconds. */
const milliseconds = (value: number): number => Math.round(value * 1000) / 1000;
