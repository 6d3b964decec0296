import type { BenchmarkName } from "../src/benchmark-name.ts";
import type { BenchmarkItem } from "../src/item.ts";
import { itemsOf } from "../src/items-of.ts";
import { floatText } from "../src/scorers/python/number-text.ts";
import type { Extracted, Reading } from "../src/scorers/scorer.ts";
import { goldenBenchmark, goldenJson, goldenName } from "./golden.ts";

/** What a scorer gave for one item, by the place of the output in outputs.json. */
export interface GoldenScores {
  score: (number | null)[];
  extracted?: RecordedAnswer[];
  status?: Record<string, number[]>;
}

type RecordedAnswer = string | (string | number)[] | null;

export interface GoldenOutput {
  id: string;
  kind: string;
  text: string;
  lmmsStripped?: string;
}

export const goldenOutputs = (): GoldenOutput[] => (goldenJson("outputs.json") as { outputs: GoldenOutput[] }).outputs;

/** The scores of one scorer for a benchmark, by item. */
export function goldenScores(scorer: string, name: BenchmarkName): Record<string, GoldenScores> {
  const file = goldenJson(`scores-${scorer}.json`) as { benchmarks: Record<string, Record<string, GoldenScores>> };
  return file.benchmarks[goldenName(name)] ?? {};
}

/** What a scorer printed or returned for a run. */
export function goldenAggregate(name: BenchmarkName, run: string, scorer: string): unknown {
  const file = goldenJson("aggregates.json") as {
    aggregates: Record<string, Record<string, Record<string, unknown>>>;
  };
  return file.aggregates[goldenName(name)]?.[run]?.[scorer];
}

/** The recorded items of a benchmark by id. */
export function goldenItems(name: BenchmarkName): Map<string, BenchmarkItem> {
  return new Map(itemsOf(name, goldenBenchmark(name).files).map((item) => [item.id, item]));
}

/** Readings of one item in the form of the recorded scores. */
export function asGolden(readings: readonly Reading[], { extracted }: GoldenScores): GoldenScores {
  const status: Record<string, number[]> = {};
  for (const [i, reading] of readings.entries()) {
    if (reading.status !== undefined && reading.status !== "unparsed") {
      status[reading.status] ??= [];
      status[reading.status]!.push(i);
    }
  }
  return {
    score: readings.map(({ score }) => score),
    ...(extracted && { extracted: readings.map((reading) => recorded(reading.extracted ?? null)) }),
    ...(Object.keys(status).length > 0 && { status }),
  };
}

/** NaN and infinities are recorded as texts. */
function recorded(extracted: Extracted | null): RecordedAnswer {
  if (typeof extracted === "number") return String(extracted);
  if (extracted === null || typeof extracted === "string") return extracted;
  return extracted.map((one) => (typeof one === "number" && !Number.isFinite(one) ? floatText(one) : one));
}
