import type { BenchmarkName } from "../src/benchmark-name.ts";
import type { BenchmarkItem } from "../src/item.ts";
import type { Reading } from "../src/scorers/scorer.ts";
import { goldenBenchmark, goldenJson, goldenName } from "./golden.ts";
import { goldenItems, goldenOutputs } from "./recorded-scores.ts";

/** What a real scorer made of every output on one probe, in the order of outputs.json. */
export interface GoldenProbe {
  score: (number | null)[];
  extracted?: unknown[];
  /** Status -> positions. */
  status?: Record<string, number[]>;
  /** Position -> [extracted, score, status] of lmms-eval after its cut of the reasoning. */
  stripped?: Record<string, [unknown, number | null, string]>;
}

export const outputs = goldenOutputs();

/** Probes of one scorer by benchmark. */
export const goldenScores = (file: string): Record<string, Record<string, GoldenProbe>> =>
  (goldenJson(file) as { benchmarks: Record<string, Record<string, GoldenProbe>> }).benchmarks;

/** A run of a golden benchmark: its items and raw replies. */
export function goldenRun(name: BenchmarkName, run: string): { items: BenchmarkItem[]; replies: string[] } {
  const byId = Object.entries(goldenBenchmark(name).runs[run]!);
  const items = goldenItems(name);
  return { items: byId.map(([id]) => items.get(id)!), replies: byId.map(([, reply]) => reply) };
}

type Aggregates = Record<string, Record<string, Record<string, unknown>>>;
const aggregates = (goldenJson("aggregates.json") as { aggregates: Aggregates }).aggregates;

/** Run -> what a real scorer prints or returns; only the runs that the table has of it. */
export const goldenAggregates = (name: BenchmarkName, scorer: string): [string, unknown][] =>
  Object.entries(aggregates[goldenName(name)]!).flatMap(([run, byScorer]): [string, unknown][] =>
    scorer in byScorer ? [[run, byScorer[scorer]]] : [],
  );

/** One cell as the tables have it: score, extracted, status; a score drawn by chance is none. */
export type Cell = [id: string, score: number | null, extracted: unknown, status: string];

/** A reading of the output at a position as a cell. */
export const cellAt = (i: number, { score, extracted = null, status }: Reading): Cell => [
  outputs[i]!.id,
  rounded(score),
  Array.isArray(extracted) ? extracted.map(finite) : finite(extracted),
  status ?? "ok",
];

/** The readings of every output as cells. */
export const cellsOf = (readings: readonly Reading[]): Cell[] => readings.map((reading, i) => cellAt(i, reading));

/** The tables write what JSON cannot hold as Python does. */
const finite = (value: unknown): unknown =>
  typeof value !== "number" || Number.isFinite(value) ? value : String(value).toLowerCase().replace("infinity", "inf");

/** The recorded cells; `extracted` is null where the scorer exposes none. */
export function goldenCells({ score, extracted, status = {} }: GoldenProbe): Cell[] {
  const statuses = new Map(Object.entries(status).flatMap(([name, places]) => places.map((i) => [i, name] as const)));
  return score.map((value, i) => cell(i, value, extracted?.[i] ?? null, statuses.get(i) ?? "ok"));
}

/** The recorded cells of the outputs whose reasoning is cut, by position. */
export const strippedCells = ({ stripped = {} }: GoldenProbe): [number, Cell][] =>
  Object.entries(stripped).map(([i, [extracted, score, status]]) => [
    Number(i),
    cell(Number(i), score, extracted, status),
  ]);

const cell = (i: number, score: number | null, extracted: unknown, status: string): Cell =>
  status === "random" ? [outputs[i]!.id, null, null, status] : [outputs[i]!.id, rounded(score), extracted, status];

/** Mean relative accuracies are compared to 1e-9. */
const rounded = (score: number | null): number | null => (score === null ? null : Math.round(score * 1e9) / 1e9);
