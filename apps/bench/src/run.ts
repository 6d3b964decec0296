/** Asks questions, with frames in order and optionally in others; grades; writes predictions and summary. */
import { join } from "node:path";
import type { AppOptions } from "@videor1/cli";
import type { Example } from "@videor1/data";
import { type BatchGradeOptions, gradePredictions } from "@videor1/eval";
import type { Ranks } from "@videor1/launch";
import { benchmarkReport, benchmarksReport } from "@videor1/report/benchmark";
import { scoreReport } from "@videor1/report/scores";
import { loadAccuracyOptions } from "@videor1/rewards/options";
import { type Answers, askSets } from "./answers/ask-sets.ts";
import { emitBatch } from "./answers/emit-batch.ts";
import { markPart, waitForParts } from "./answers/rank-parts.ts";
import type { BenchConfig } from "./config.ts";
import type { QuestionSet } from "./questions/question-set.ts";
import { questionSets } from "./questions/question-sets.ts";
import { benchmarkOfRecords, recordSet } from "./questions/record-set.ts";
import { evaluateBenchmark } from "./results/evaluate-benchmark.ts";
import { type BenchmarkResult, writeBenchmark } from "./results/write-benchmark.ts";
import { type BenchResult, writeResult } from "./results/write-result.ts";

/**
 * Evaluates a model on benchmarks' own files or on a file of records, and prints what came out.
 *
 * @throws {RunConfigError} If a folder holds answers of another model or other settings.
 * @throws The signal's reason once it is aborted.
 */
export async function bench(config: BenchConfig, options: AppOptions): Promise<void> {
  const { print, ranks } = options;
  if (ranks && config.shard === undefined) return await benchByRanks(config, ranks, options);
  const sets = await questionSets(config, print);
  if (config.emitBatch !== undefined) {
    for (const set of sets) await emitBatch(config, set, batchPath(config.emitBatch, set, sets.length), options);
    return;
  }
  const answers = await askSets(sets, config, options);
  if (answers === undefined) return print(partLine(config, sets));
  if (config.data.folder === undefined) {
    const result = await gradeRecords(config, sets[0]!.questions, answers[0]!);
    print(terminalReport(config, result));
    return print(`Predictions: ${result.predictionsFile}\nSummary: ${result.summaryFile}`);
  }
  const results: BenchmarkResult[] = [];
  for (const [i, set] of sets.entries()) results.push(await scoreBenchmark(config, set, answers[i]!, options));
  for (const { summary, predictionsFile, summaryFile } of results)
    print(`${benchmarkReport(summary)}\nPredictions: ${predictionsFile}\nSummary: ${summaryFile}\n`);
  if (results.length > 1) print(benchmarksReport(results.map(({ summary }) => summary)));
  if (config.page) print(`Page: ${await writePage(config, sets, results)}`);
}

/** Each process asks a part of the questions; rank 0 joins the parts, to the bytes of one process, and scores. */
async function benchByRanks(config: BenchConfig, { rank, size }: Ranks, options: AppOptions): Promise<void> {
  const { print, signal } = options;
  if (config.emitBatch !== undefined) return rank === 0 ? await bench({ ...config, shard: "0/1" }, options) : undefined;
  const folders = (await questionSets(config, () => {})).map(({ name }) => join(config.outputDir, name));
  const part = { index: rank, count: size };
  markPart(folders, part, "begun");
  try {
    await bench({ ...config, shard: `${rank}/${size}` }, options);
  } catch (error) {
    markPart(folders, part, { failed: (error as Error).message });
    throw error;
  }
  markPart(folders, part, "answered");
  if (rank > 0) return;
  const { timeoutSeconds } = config.engine;
  print(`Waiting for the other ranks of ${size}, as long as one of them answers within ${timeoutSeconds} s.`);
  await waitForParts(folders, size, { timeoutSeconds, signal });
  await bench({ ...config, shard: "merge" }, options);
}

/** The page of all evaluations of a run, with pictures of what was seen in some of them. */
async function writePage(
  { outputDir }: BenchConfig,
  sets: readonly QuestionSet[],
  results: readonly BenchmarkResult[],
): Promise<string> {
  const { benchmarkPage, seenFrames } = await import("@videor1/report"); // its bundler loads only when needed
  const page = join(outputDir, `${sets.length === 1 ? sets[0]!.name : "benchmarks"}.html`);
  const rootOf = new Map(sets.map(({ benchmark, mediaRoot }) => [benchmark!.name as string, mediaRoot]));
  const runs = results.map(({ summary, lines }) => ({ summary, items: lines }));
  const title = results.map(({ summary }) => `${summary.name}: ${summary.model}`).join("; ");
  await benchmarkPage(runs, { title, page, frames: (item) => seenFrames(rootOf.get(item.benchmark!)!)(item) });
  return page;
}

/** Of several benchmarks each has a batch file of its own. */
const batchPath = (path: string, { name }: QuestionSet, sets: number): string =>
  sets === 1 ? path : path.replace(/(\.jsonl)?$/, `-${name}.jsonl`);

async function scoreBenchmark(
  config: BenchConfig,
  set: QuestionSet,
  answers: Answers,
  { signal, print }: AppOptions,
): Promise<BenchmarkResult> {
  const benchmark = set.benchmark!; // every set of data.folder is of one
  const { results, evaluation } = await evaluateBenchmark(config, benchmark, answers, {
    folder: join(config.outputDir, set.name),
    signal,
    print,
  });
  return writeBenchmark(config, {
    name: set.name,
    benchmark: benchmark.name,
    questions: set.questions,
    results,
    evaluation,
  });
}

/** Evaluates a model on the records of `data.records`. Throws as `bench`. */
export async function runBench(config: BenchConfig, options: AppOptions): Promise<BenchResult> {
  const set = await recordSet(config, options.print);
  const [answers] = (await askSets([set], config, options)) as [Answers];
  return await gradeRecords(config, set.questions, answers);
}

async function gradeRecords(config: BenchConfig, examples: readonly Example[], answers: Answers): Promise<BenchResult> {
  const grade = { grading: config.grading, safeOptions: await safeOptionsOf(config, examples) };
  const [ordered, shuffled] = [answers.get("ordered") ?? [], answers.get("shuffled") ?? []];
  return await writeResult(config, examples, gradePredictions(ordered, grade), gradePredictions(shuffled, grade));
}

const partLine = ({ shard }: BenchConfig, sets: readonly QuestionSet[]): string =>
  `Part ${shard} of ${sets.map(({ name }) => name).join(", ")} is answered. Once all parts are: the same command with shard=merge.`;

/** What each question's answer is graded by under the safe rules; undefined where other rules grade. */
async function safeOptionsOf(
  { grading, gradingOptions }: BenchConfig,
  examples: readonly Example[],
): Promise<BatchGradeOptions["safeOptions"]> {
  if (grading !== "safe") return undefined;
  const optionsOf = await loadAccuracyOptions("safe", gradingOptions);
  const shown = new Map(examples.map(({ problemId, options }) => [problemId, options]));
  return ({ problemId }) => optionsOf({ options: shown.get(problemId) });
}

/** The summary as text; for a known benchmark, the published scores below it. */
export function terminalReport(config: BenchConfig, { summary }: BenchResult): string {
  const { name, model, grading } = config;
  const benchmark = benchmarkOfRecords(config);
  return scoreReport(summary, { title: `${name}: ${model}`, grading, ...(benchmark && { benchmark }) });
}
