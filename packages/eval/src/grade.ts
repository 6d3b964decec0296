import {
  type AccuracyOptions,
  accuracyReward,
  answerAccuracy,
  extractAnswer,
  extractThinking,
  meanRelativeAccuracy,
  type ProblemType,
  parseNumber,
  strip,
} from "@videor1/rewards";
import type { Prediction } from "./prediction.ts";

/**
 * The rules that score a benchmark.
 * - `"video-r1"`: as the paper's numbers: regression by mean relative accuracy, OCR and free-form always 0.
 * - `"safe"`: by the safe rewards, as a run with `rewards: safe` is trained; an output without any tag is all answer.
 * - `"training"`: OCR, free-form and regression by the training reward, so that all five types count.
 *
 * Multiple choice and numerical are the same in the first and the last.
 */
export type Grading = "video-r1" | "training" | "safe";

export interface GradeOptions {
  /** Default `"video-r1"`. */
  grading?: Grading;
  /** What grading `"safe"` is to accept besides; default nothing. */
  safeOptions?: AccuracyOptions | undefined;
}

/** The same for many predictions; `safeOptions` of each. */
export interface BatchGradeOptions {
  grading?: Grading;
  safeOptions?: ((prediction: Prediction) => AccuracyOptions) | undefined;
}

/** The answer, thinking and score of one model output. */
export interface Grade {
  /** The answer in the output's tags by the original's reading, or the whole output if there is none. */
  prediction: string;
  /** `<think>…</think>`, stripped inside; absent if the output holds no thinking. */
  process?: string;
  /** In [0, 1]. */
  score: number;
  /** Whether the score is 1. */
  correct: boolean;
}

interface Answer {
  output: string;
  solution: string;
  prediction: string;
  truth: string;
  safeOptions: AccuracyOptions | undefined;
}

/** Score of one answer, in [0, 1]. */
type Rules = Record<ProblemType, (answer: Answer) => number>;

/** Benchmarks are scored as the original scores them, whatever rules trained the model. */
const originals = { rules: "video-r1" } as const;

const benchmarkRules: Rules = {
  "multiple choice": ({ prediction, truth }) => answerAccuracy(strip(prediction), truth, "multiple choice", originals),
  numerical: ({ prediction, truth }) => answerAccuracy(prediction, truth, "numerical", originals),
  OCR: () => 0,
  "free-form": () => 0,
  regression: ({ prediction, truth }) => {
    const x = parseNumber(prediction);
    const y = parseNumber(truth);
    return x === undefined || y === undefined ? 0 : meanRelativeAccuracy(x, y, originals);
  },
};

function safeRule(type: ProblemType): (answer: Answer) => number {
  return ({ output, solution, safeOptions }) => {
    const completion = /<(?:answer|think)>/.test(output) ? output : `<answer>${output}</answer>`;
    return accuracyReward(completion, solution, type, safeOptions);
  };
}

const rules: Record<Grading, Rules> = {
  "video-r1": benchmarkRules,
  training: {
    ...benchmarkRules,
    OCR: ({ output, solution }) => accuracyReward(output, solution, "OCR", originals),
    "free-form": ({ output, solution }) => accuracyReward(output, solution, "free-form", originals),
    regression: ({ output, solution }) => accuracyReward(output, solution, "regression", originals),
  },
  safe: {
    "multiple choice": safeRule("multiple choice"),
    numerical: safeRule("numerical"),
    OCR: safeRule("OCR"),
    "free-form": safeRule("free-form"),
    regression: safeRule("regression"),
  },
};

/**
 * Grades one model output. Never throws: unreadable text, or a type that is none of the five, scores 0.
 *
 * @param solution - The record's `solution`, tags included.
 * @see tulerfeng/Video-R1@59d65c3 src/eval_bench.py `reward_fn`
 */
export function gradePrediction(
  output: string,
  solution: string,
  problemType: ProblemType,
  { grading = "video-r1", safeOptions }: GradeOptions = {},
): Grade {
  const prediction = extractAnswer(output, originals) || output;
  const thinking = extractThinking(output);
  const score = Object.hasOwn(rules[grading], problemType)
    ? rules[grading][problemType]({
        output,
        solution,
        prediction,
        truth: extractAnswer(solution, originals),
        safeOptions,
      })
    : 0;
  return { prediction, ...(thinking && { process: `<think>${thinking}</think>` }), score, correct: score === 1 };
}

/** A prediction and its grade. A failed one has an empty prediction and score 0, and keeps its reason. */
export type GradedPrediction = Prediction & Grade;

/** Grades the predictions of a run, in order. The same predictions can be graded again by other rules. */
export function gradePredictions(
  predictions: readonly Prediction[],
  { safeOptions, ...options }: BatchGradeOptions = {},
): GradedPrediction[] {
  return predictions.map((prediction) => {
    if (prediction.status === "failed") return { ...prediction, prediction: "", score: 0, correct: false };
    const { output, solution, problemType } = prediction;
    const grade = gradePrediction(output, solution, problemType, {
      ...options,
      safeOptions: safeOptions?.(prediction),
    });
    return { ...prediction, ...grade };
  });
}
