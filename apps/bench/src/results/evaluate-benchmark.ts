import type { AppOptions } from "@videor1/cli";
import {
  benchmarks,
  earned,
  groupsOf,
  headlineInterval,
  headlineOf,
  type ItemResult,
  isDisputed,
  responseTraits,
  type Scorer,
  type ScorerVariant,
  scoreItems,
  scorerVariants,
} from "@videor1/eval";
import { randomStream } from "@videor1/random";
import { type BenchmarkEvaluation, codeVersion } from "@videor1/runs";
import { mean } from "@videor1/statistics";
import type { Answers } from "../answers/ask-sets.ts";
import type { BenchConfig } from "../config.ts";
import type { BenchmarkSet } from "../questions/question-set.ts";
import { judgeResults } from "./judge-results.ts";
import { relianceOf } from "./reliance-of.ts";
import type { Results } from "./results.ts";

/** A config's scorers that know a benchmark, by name. */
type Scorers = Readonly<Record<string, Scorer>>;

/**
 * The results of an evaluation, and all that is said of it. Orders besides `ordered` are scored by the main scorer alone; a judge
 * is asked about `ordered` alone.
 *
 * @param folder - of the evaluation, where a judge's replies are kept.
 *
 * @throws {RangeError} If none of the config's scorers knows the benchmark.
 */
export async function evaluateBenchmark(
  config: BenchConfig,
  set: BenchmarkSet,
  answers: Answers,
  { folder, ...options }: Pick<AppOptions, "signal" | "print"> & { folder: string },
): Promise<{ results: Results; evaluation: BenchmarkEvaluation }> {
  const scorers = scorersOf(config.scorers, set.name);
  const [main] = Object.entries(scorers) as [[string, Scorer]];
  const results = new Map<string, readonly ItemResult[]>();
  for (const [order, predictions] of answers) {
    const asked = new Set(predictions.map(({ problemId }) => String(problemId)));
    const items = set.items.filter(({ id }) => asked.has(id));
    results.set(order, scoreItems(items, predictions, order === "ordered" ? scorers : Object.fromEntries([main])));
  }
  if (config.judge === undefined) return { results, evaluation: evaluationOf(config, set, results, scorers) };
  const judged = await judgeResults(results.get("ordered")!, main[0], folder, config.judge, options);
  results.set("ordered", judged.results);
  return { results, evaluation: { ...evaluationOf(config, set, results, scorers), judge: judged.judge } };
}

function scorersOf(names: readonly ScorerVariant[], benchmark: BenchmarkSet["name"]): Scorers {
  const known = names.filter((name) => benchmark in scorerVariants[name]);
  if (known.length === 0)
    throw new RangeError(`scorers: none of ${names.join(", ")} knows ${benchmark}; safe knows every benchmark`);
  return Object.fromEntries(known.map((name) => [name, scorerVariants[name]]));
}

function evaluationOf(
  config: BenchConfig,
  { name, source, isWhole }: BenchmarkSet,
  results: Results,
  scorers: Scorers,
): BenchmarkEvaluation {
  const ordered = results.get("ordered")!;
  const items = ordered.map(({ item }) => item);
  const headline = headlineOf(benchmarks[name].headline, items);
  const interval = headlineInterval(headline, ordered, { next: randomStream(config.seed, "bootstrap").next });
  const answered = ordered.flatMap(({ prediction }) => (prediction.status === "answered" ? [prediction] : []));
  const traits = responseTraits(answered);
  const { decoder: _, ...media } = config.data.media; // which decodes the same frames
  const isPart = config.limit !== undefined || config.tasks !== undefined;
  return {
    source,
    ...(isWhole !== undefined && { isWhole: isWhole && !isPart }),
    prompt: promptName(config),
    decoding: { ...config.generation, seed: config.seed },
    media,
    ...(config.server && { server: config.server.urls }),
    code: codeVersion(import.meta.url),
    outcomes: countsOf(ordered.map(({ outcome }) => outcome)),
    headline: { name: headline.label, value: interval.mean, interval },
    mainScorer: Object.keys(scorers)[0]!,
    scorers: Object.fromEntries(
      Object.entries(scorers).map(([scorer, rules]) => [scorer, scorerSummary(scorer, rules[name]!, ordered)]),
    ),
    groups: groupRows(ordered),
    disagreements: ordered.filter(isDisputed).length,
    reliance: relianceOf(results, config.seed),
    ...(traits && { traits }),
  };
}

function scorerSummary(
  name: string,
  { aggregate }: NonNullable<Scorer[BenchmarkSet["name"]]>,
  results: readonly ItemResult[],
): BenchmarkEvaluation["scorers"][string] {
  const readings = results.map(({ readings }) => readings[name]!);
  const scores = readings.flatMap((reading) => earned(reading) ?? []);
  const items = results.map(({ item }) => item);
  return {
    mean: scores.length === 0 ? null : mean(scores),
    aggregate: aggregate(items, readings) as BenchmarkEvaluation["scorers"][string]["aggregate"],
    statuses: countsOf(readings.map(({ status = "scored" }) => status)),
  };
}

/** Scores by every dimension of groups, with intervals over clips. */
function groupRows(results: readonly ItemResult[]): BenchmarkEvaluation["groups"] {
  const members = new Map<string, Map<string, ItemResult[]>>();
  for (const result of results)
    for (const [dimension, group] of groupsOf(result.item)) {
      const groups = members.get(dimension) ?? new Map<string, ItemResult[]>();
      members.set(dimension, groups);
      const of = groups.get(group);
      if (of === undefined) groups.set(group, [result]);
      else of.push(result);
    }
  const rowOf = ([name, of]: [string, ItemResult[]]) => {
    const headline = { label: name, over: "items" };
    return { name, estimate: headlineInterval(headline, of, { next: () => 0 }) };
  };
  return Object.fromEntries([...members].map(([dimension, groups]) => [dimension, [...groups].map(rowOf)]));
}

/** Video-R1's prompt may be asked in another of its forms, or with a system turn of the config's. */
function promptName({ prompt, data }: BenchConfig): string {
  const { template, system } = data.prompt;
  if (prompt !== "video-r1") return prompt;
  const parts = [
    ...(template === "code" ? [] : [`template ${template}`]),
    ...(system ? ["a system turn of its own"] : []),
  ];
  return [prompt, ...parts].join(", ");
}

function countsOf(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}
