import { type GradedPrediction, type ItemResult, summarize } from "@videor1/eval";
import {
  type BenchmarkEvaluation,
  type BenchSummary,
  type GradedPredictionLine,
  predictionsPath,
  summaryPath,
  writeBenchSummary,
  writePredictions,
} from "@videor1/runs";
import type { BenchConfig } from "../config.ts";
import type { Question } from "../questions/question.ts";
import { modelName } from "./model-name.ts";
import type { Results } from "./results.ts";

export interface BenchmarkResult {
  summary: BenchSummary;
  lines: GradedPredictionLine[];
  predictionsFile: string;
  summaryFile: string;
}

/** What is written of an evaluation. */
export interface Evaluated {
  name: string;
  benchmark: string;
  /** In the order of the ordered results. */
  questions: readonly Question[];
  results: Results;
  evaluation: BenchmarkEvaluation;
}

/** Writes `<name>.predictions.jsonl`, a line an item, and `<name>.json`, the summary. */
export function writeBenchmark(
  config: BenchConfig,
  { name, benchmark, questions, results, evaluation }: Evaluated,
): BenchmarkResult {
  const { outputDir, data } = config;
  const ordered = results.get("ordered")!;
  const shuffled = results.get("shuffled") ?? [];
  const others = [...results].flatMap(([order, of]) =>
    order === "ordered" ? [] : [[order, new Map(of.map((result) => [result.item.id, result]))] as const],
  );
  const summary: BenchSummary = {
    name,
    model: modelName(config),
    benchmark,
    grading: "safe",
    nframes: data.media.nframes ?? null,
    ordered: { ...summarize(ordered.map(gradedOf)), score: evaluation.headline.value },
    shuffled: shuffled.length > 0 ? summarize(shuffled.map(gradedOf)) : null,
    evaluation,
  };
  const lines = ordered.map((result, i) => lineOf(questions[i]!, result, others));
  writePredictions(outputDir, name, lines);
  writeBenchSummary(outputDir, summary);
  return {
    summary,
    lines,
    predictionsFile: predictionsPath(outputDir, name),
    summaryFile: summaryPath(outputDir, name),
  };
}

function lineOf(
  { dataSource, dataType, problem, options, path }: Question,
  result: ItemResult,
  others: readonly (readonly [order: string, results: ReadonlyMap<string, ItemResult>])[],
): GradedPredictionLine {
  const { item, outcome, readings } = result;
  const compared = others.flatMap(([order, results]) => {
    const other = results.get(item.id);
    return other === undefined ? [] : [[order, { output: outputOf(other), score: other.score }] as const];
  });
  const shuffled = compared.find(([order]) => order === "shuffled")?.[1];
  return {
    ...gradedOf(result),
    dataSource,
    dataType,
    problem,
    options,
    path,
    outcome,
    groups: { ...item.groups },
    readings: readings as NonNullable<GradedPredictionLine["readings"]>,
    ...(shuffled && { shuffledOutput: shuffled.output, shuffledScore: shuffled.score }),
    ...(compared.length > 0 && { compared: Object.fromEntries(compared) }),
  };
}

/** An item's prediction, with the main scorer's reading for its grade. */
function gradedOf({ prediction, readings, score }: ItemResult): GradedPrediction {
  const extracted = Object.values(readings)[0]?.extracted;
  return { ...prediction, prediction: [extracted ?? ""].flat().join(", "), score, correct: score === 1 };
}

const outputOf = ({ prediction }: ItemResult): string | null =>
  prediction.status === "answered" ? prediction.output : null;
