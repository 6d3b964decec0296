import { RunFileError } from "@videor1/runs";
import { type Estimate, estimateMean, groupBy, pairedDifference } from "@videor1/statistics";
import type { Bench } from "../read/read-run.ts";
import type { Prediction } from "../read/run-schema.ts";

/** Scores of one task, or of several tasks pooled (every question counts once). */
export interface TaskRow {
  task: string;
  /** Empty in a row over several tasks. */
  problemType: string;
  /** Whether the answers depend on the order of the frames; null in a row over all tasks, and if that is unknown. */
  temporal: boolean | null;
  /** Number of questions that every model was asked; all numbers of the row are over these. */
  n: number;
  /** Mean score of each model, in [0, 1]. */
  scores: Estimate[];
  /** Each arm minus the model after SFT, paired by question. */
  changes: Estimate[];
  /** Each further arm minus the first arm, paired by question. */
  differences: Estimate[];
  /** Order gap of each model: frames in order minus shuffled, over the questions asked both ways; null without any. */
  orderGaps: (Estimate | null)[];
}

export interface TaskTable {
  /** The model after SFT, then the arms. */
  models: string[];
  rows: TaskRow[];
  /** Temporal tasks and other tasks, if there are any, and all tasks. */
  totals: TaskRow[];
  /** Questions left out because some model was not asked. */
  unpaired: number;
}

/** "direction" of data source "miniature/direction". */
export const taskOf = (dataSource: string): string => dataSource.slice(dataSource.lastIndexOf("/") + 1);

/** The predictions of all models on one question. */
type Question = readonly Prediction[];

/**
 * Scores by task of the model after SFT and of every arm.
 *
 * @param models - a name for each bench.
 * @param temporalTasks - tasks whose answers depend on frame order; null if that is unknown.
 * @throws {RunFileError} `RUN_FILES_DISAGREE` if no question is in every bench.
 */
export function taskTable(
  benches: readonly Bench[],
  models: readonly string[],
  temporalTasks: ReadonlySet<string> | null,
): TaskTable {
  const { questions, unpaired } = pairQuestions(benches);
  const tasks = groupBy(questions, ([first]) => taskOf(first!.dataSource));
  const isTemporal = (task: string) => temporalTasks?.has(task) ?? null;
  const temporal = (question: Question) => isTemporal(taskOf(question[0]!.dataSource));
  const rows = [...tasks].map(([task, ofTask]) => row(task, ofTask, isTemporal(task)));
  const groups = [
    { name: "temporal tasks", of: questions.filter((question) => temporal(question) === true), temporal: true },
    { name: "other tasks", of: questions.filter((question) => temporal(question) === false), temporal: false },
    { name: "all tasks", of: questions, temporal: null },
  ];
  return {
    models: [...models],
    rows: rows.sort((a, b) => Number(b.temporal) - Number(a.temporal)),
    totals: groups
      .filter(({ of }) => of.length > 0)
      .map(({ name, of, temporal }) => ({ ...row(name, of, temporal), problemType: "" })),
    unpaired,
  };
}

function pairQuestions(benches: readonly Bench[]): { questions: Question[]; unpaired: number } {
  const byId = benches.map(({ predictions }) => new Map(predictions.map((p) => [String(p.problemId), p])));
  const ids = new Set(benches.flatMap(({ predictions }) => predictions.map(({ problemId }) => String(problemId))));
  const questions = [...ids].flatMap((id) => {
    const answers = byId.flatMap((predictions) => predictions.get(id) ?? []);
    return answers.length === benches.length ? [answers] : [];
  });
  if (questions.length === 0) {
    throw new RunFileError("RUN_FILES_DISAGREE", {
      path: benches.map(({ summary }) => summary.name).join(", "),
      reason: "no question is in every evaluation",
      hint: "Evaluate all models on the same records.",
    });
  }
  return { questions, unpaired: ids.size - questions.length };
}

function row(task: string, questions: readonly Question[], temporal: boolean | null): TaskRow {
  const models = questions[0]!.map((_, model) => questions.map((question) => question[model]!));
  const scores = models.map((predictions) => predictions.map(({ score }) => score));
  const [sft, ...arms] = scores;
  return {
    task,
    problemType: [...new Set(questions.map(([first]) => first!.problemType))].join(", "),
    temporal,
    n: questions.length,
    scores: scores.map((of) => estimateMean(of)!),
    changes: arms.map((arm) => pairedDifference(sft!, arm)),
    differences: arms.slice(1).map((arm) => pairedDifference(arms[0]!, arm)),
    orderGaps: models.map(orderGap),
  };
}

function orderGap(predictions: readonly Prediction[]): Estimate | null {
  const pairs = predictions.flatMap(({ score, shuffledScore }) =>
    shuffledScore == null ? [] : [[shuffledScore, score] as const],
  );
  if (pairs.length === 0) return null;
  return pairedDifference(
    pairs.map(([shuffled]) => shuffled),
    pairs.map(([, ordered]) => ordered),
  );
}

/** The row that models are judged by: the temporal tasks, or all tasks if none is temporal. */
export const mainRow = ({ totals }: TaskTable): TaskRow => totals.find(({ temporal }) => temporal) ?? totals[0]!;
