/** Lines of every file of a run, with all optional fields, for tests. */
import type { GradedPredictionLine, PredictionLine } from "../src/files/predictions.ts";
import type { RolloutGroupLine, RolloutLine, TrainedRolloutLine } from "../src/files/rollouts.ts";

export const rollout: RolloutLine = {
  text: "<think>\u2028</think> <answer>left</answer>",
  tokens: 3,
  accuracy: 1,
  format: 1,
  rewards: { accuracy: 1, "my own": Number.NaN },
  contrast: -0.25,
  completionIds: [5, 6, 2],
  logps: [-0.5, Number.NEGATIVE_INFINITY, -1.25],
  entropy: [0.5, 0, 2],
  refLogps: [-0.5, -3, -1],
  permutedLogps: [-1, -4, -1],
};

export const trainedRollout: TrainedRolloutLine = {
  ...rollout,
  temporalBonus: 0.3,
  lengthBonus: 0,
  reward: 2.3,
  advantage: -1.5,
};

/** A line of rollouts.jsonl without its step. */
export const group: Omit<RolloutGroupLine, "step"> = {
  problemId: 7,
  dataSource: "miniature/direction",
  problemType: "multiple choice",
  dataType: "video",
  problem: "Where does it go?",
  options: ["A. left", "B. right"],
  solution: "<answer>A</answer>",
  path: "./media/7.mp4",
  media: [{ kind: "video", path: "./media/7.mp4", videoStart: 1.5 }],
  policyVersion: 3,
  round: 0,
  seed: 11,
  framesHash: "ab12",
  frameIndices: [0, 2],
  frameSeconds: [1.5, null],
  clipFrames: [1, 1],
  permutation: [1, 0],
  bonusOrder: null,
  p: 0.5,
  pShuffled: 0,
  temporalReward: 1,
  ordered: [trainedRollout],
  shuffled: [rollout],
  failed: [{ text: "?", tokens: 1, completionIds: [2], logps: [-0.5], failed: "judge: timed out" }],
};

export const answered: PredictionLine = {
  problemId: 1,
  problemType: "free-form",
  solution: "<answer>ÿ\u2028</answer>",
  task: "t",
  status: "answered",
  output: "a\nb",
};

export const failed: PredictionLine = {
  problemId: "2",
  problemType: "OCR",
  solution: "<answer>x</answer>",
  task: "t",
  status: "failed",
  reason: "no video",
};

const question = {
  dataSource: "s",
  dataType: "video",
  problem: "?",
  options: [],
  path: "./2.mp4",
  prediction: "",
  score: 0,
  correct: false,
} as const;

export const graded: GradedPredictionLine[] = [
  { ...answered, ...question, options: [], prediction: "b", process: "<think>a</think>", score: 1, correct: true },
  { ...failed, ...question, options: [], shuffledOutput: null, shuffledScore: 0 },
];
