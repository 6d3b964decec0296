import { accuracyOf, isProblemType, type ProblemType, problemTypes, truthOf } from "./accuracy.ts";
import { explain, quoted, type RuleName, ruleNames } from "./explain.ts";
import { extractAnswer } from "./extract-answer.ts";
import { formatReward } from "./format.ts";
import { type AccuracyOptions, gradingOf } from "./options.ts";

export interface ScoreItem {
  completion: string;
  /** Tags included, as in the records. */
  solution: string;
  problemType: ProblemType;
}

export interface ItemScore {
  /** In [0, 1]. */
  accuracy: number;
  /** 0 or 1. */
  format: number;
  /** The completion's answer, and the true one; "" if none was found. */
  answer: string;
  truth: string;
  /** The measure that gave the accuracy; null if the item failed. */
  rule: RuleName | null;
  /** Why the accuracy is not 1, or why the item failed; null for a right answer. */
  note: string | null;
}

export interface BatchScore {
  /** One for each item, in their order. */
  results: ItemScore[];
  /** Number of items that could not be scored: malformed, or of an unknown type. They count 0. */
  failed: number;
}

/**
 * Accuracy and format of many completions, with the reason of each. An item that is malformed or of an unknown type is
 * counted in `failed` and leaves the others alone.
 *
 * @throws {RulesError} If the options name rules that do not exist.
 */
export function scoreBatch(items: readonly ScoreItem[], options: AccuracyOptions = {}): BatchScore {
  const grading = gradingOf(options);
  const results = items.map((item): ItemScore => {
    const failure: ItemScore = { accuracy: 0, format: 0, answer: "", truth: "", rule: null, note: null };
    try {
      const { completion, solution, problemType } = item;
      for (const [name, text] of Object.entries({ completion, solution })) {
        if (typeof text !== "string") return { ...failure, note: `${name} is not a string but ${kindOf(text)}` };
      }
      const answer = extractAnswer(completion, grading);
      const truth = truthOf(solution, grading);
      const format = formatReward(completion, grading);
      if (!isProblemType(problemType)) {
        const note = `problemType ${quoted(problemType)} is none of ${problemTypes.join(", ")}`;
        return { ...failure, format, answer, truth, note };
      }
      const accuracy = accuracyOf(answer, truth, problemType, grading);
      const note = explain({ accuracy, answer, truth, problemType, completion, grading });
      return { accuracy, format, answer, truth, rule: ruleNames[problemType], note };
    } catch (error) {
      return { ...failure, note: String(error) };
    }
  });
  return { results, failed: results.filter(({ rule }) => rule === null).length };
}

function kindOf(value: unknown): string {
  return value === null ? "null" : typeof value;
}
