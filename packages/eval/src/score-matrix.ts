import { mean } from "@videor1/statistics";
import { benchmarks } from "./benchmarks.ts";
import { type Headline, headlineScore } from "./headline.ts";
import { type BenchmarkItem, exampleOf } from "./item.ts";
import { type Prediction, questionOf } from "./prediction.ts";
import { earned, type ItemResult, isDisputed, scoreItems } from "./score-items.ts";
import type { Aggregate, Reading, Scorer } from "./scorers/scorer.ts";

/** One scorer over all outputs. */
export interface ScorerColumn {
  name: string;
  /** The benchmark's own aggregation of its scores, of the items that it gives one; null if there is none. */
  headline: number | null;
  /** Mean over those items. */
  mean: number | null;
  /** Mean over all items; one without a score counts 0. */
  meanOfAll: number;
  /** What it prints or returns of a run, under its own names and in its own units. */
  aggregate: Aggregate;
  /** Number of items by the status of their readings; `scored` where it has none. */
  statuses: Record<string, number>;
  /** Items that it leaves out of its denominator. */
  dropped: string[];
  /** Items whose score it draws by chance. */
  random: string[];
}

/** An item that two scorers score differently. */
export interface Disagreement {
  id: string;
  gold: string;
  /** Null: the model failed. */
  output: string | null;
  /** By the scorer's name. */
  readings: Readonly<Record<string, Reading>>;
}

/** The same outputs by several scorers. */
export interface ScoreMatrix {
  n: number;
  /** What `headline` is: `mean of 8 tasks`. */
  label: string;
  scorers: ScorerColumn[];
  /** Between the lowest and the highest headline; null where fewer than two scorers have one. */
  spread: { lowest: string; highest: string; difference: number } | null;
  disagreements: Disagreement[];
}

/**
 * Reads the outputs of a benchmark's items by several scorers.
 *
 * @param outputs - item id -> output; an item without one was not answered and counts 0.
 * @param scorers - by name; those that do not know the benchmark have no column.
 * @throws {RangeError} If there is no item, or no scorer knows the benchmark.
 */
export function scoreMatrix(
  items: readonly BenchmarkItem[],
  outputs: ReadonlyMap<string, string>,
  scorers: Readonly<Record<string, Scorer>>,
): ScoreMatrix {
  const [first] = items;
  if (first === undefined) throw new RangeError("scoreMatrix: there must be at least one item");
  const known = Object.entries(scorers).filter(([, rules]) => rules[first.benchmark] !== undefined);
  if (known.length === 0) throw new RangeError(`scoreMatrix: no scorer knows ${first.benchmark}`);
  const predictions = items.map((item) => predictionOf(item, outputs.get(item.id)));
  const results = scoreItems(items, predictions, Object.fromEntries(known));
  const headline = headlineOf(items);
  const columns = known.map(([name, rules]) =>
    columnOf(name, rules[first.benchmark]!.aggregate, headline, items, results),
  );
  const disagreements = results.filter(isDisputed).map(({ item: { id, gold }, readings }) => ({
    id,
    gold,
    output: outputs.get(id) ?? null,
    readings,
  }));
  return { n: items.length, label: headline.label, scorers: columns, spread: spreadOf(columns), disagreements };
}

function predictionOf(item: BenchmarkItem, output: string | undefined): Prediction {
  const question = questionOf({ ...exampleOf(item), benchmark: item.benchmark });
  return output === undefined
    ? { ...question, status: "failed", reason: "no output" }
    : { ...question, status: "answered", output };
}

function columnOf(
  name: string,
  aggregate: (items: readonly BenchmarkItem[], readings: readonly Reading[]) => Aggregate,
  headline: Headline,
  items: readonly BenchmarkItem[],
  results: readonly ItemResult[],
): ScorerColumn {
  const readings = results.map(({ readings }) => readings[name]!);
  const scored = items.flatMap((item, i) => {
    const score = earned(readings[i]!);
    return score === null ? [] : [{ item, score }];
  });
  const idsOf = (wanted: string) => items.flatMap(({ id }, i) => (readings[i]!.status === wanted ? [id] : []));
  const statuses: Record<string, number> = {};
  for (const { status = "scored" } of readings) statuses[status] = (statuses[status] ?? 0) + 1;
  return {
    name,
    headline: scored.length === 0 ? null : headlineScore(headline, scored),
    mean: scored.length === 0 ? null : mean(scored.map(({ score }) => score)),
    meanOfAll: mean(readings.map((reading) => earned(reading) ?? 0)),
    aggregate: aggregate(items, readings),
    statuses,
    dropped: idsOf("dropped"),
    random: idsOf("random"),
  };
}

/** The benchmark's, or the mean over items where these have no such groups, as Video-R1's own records. */
function headlineOf(items: readonly BenchmarkItem[]): Headline {
  const { headline } = benchmarks[items[0]!.benchmark];
  const isKnown = headline.over === "items" || items.every(({ groups }) => headline.over in groups);
  return isKnown ? headline : { label: "mean over items", over: "items" };
}

function spreadOf(columns: readonly ScorerColumn[]): ScoreMatrix["spread"] {
  const scored = columns.flatMap(({ name, headline: value }) => (value === null ? [] : [{ name, value }]));
  const [lowest, highest] = [...scored]
    .sort((a, b) => a.value - b.value)
    .filter((_, i, all) => i === 0 || i === all.length - 1);
  if (lowest === undefined || highest === undefined) return null;
  return { lowest: lowest.name, highest: highest.name, difference: highest.value - lowest.value };
}
