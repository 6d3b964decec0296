import { readFileSync } from "node:fs";
import type { BenchmarkName } from "../src/benchmark-name.ts";
import type { BenchmarkItem } from "../src/item.ts";
import { floatText } from "../src/scorers/python/number-text.ts";
import type { Extracted, Reading } from "../src/scorers/scorer.ts";
import { itemsOfGolden } from "./golden-items.ts";

/** The benchmarks' names in the recorded values. */
export const goldenNames: Record<BenchmarkName, string> = {
  mvbench: "mvbench",
  tempcompass: "tempcompass",
  "video-mme": "videomme",
  "video-mmmu": "videommmu",
  "vsi-bench": "vsibench",
  mmvu: "mmvu",
  longvideobench: "longvideobench",
  egoschema: "egoschema",
  "video-holmes": "videoholmes",
  pope: "pope",
  mathvista: "mathvista",
};

export interface GoldenBenchmark {
  files: Record<string, unknown>;
  probes: string[];
  runs: Record<string, Record<string, string>>;
  videoR1File?: Record<string, unknown[]>;
}

/** What a scorer gave for one item, by the place of the output in outputs.json. */
export interface GoldenScores {
  score: (number | null)[];
  extracted?: (string | (string | number)[] | null)[];
  status?: Record<string, number[]>;
}

interface Output {
  id: string;
  kind: string;
  text: string;
  lmmsStripped?: string;
}

const folder = new URL("./golden/benchmarks/", import.meta.url);
const read = (name: string): unknown => JSON.parse(readFileSync(new URL(`${name}.json`, folder), "utf8"));

export const goldenBenchmark = (name: BenchmarkName): GoldenBenchmark => read(goldenNames[name]) as GoldenBenchmark;

export const goldenOutputs = (): Output[] => (read("outputs") as { outputs: Output[] }).outputs;

/** The scores of one scorer: by benchmark and item. */
export function goldenScores(scorer: string, name: BenchmarkName): Record<string, GoldenScores> {
  const file = read(`scores-${scorer}`) as { benchmarks: Record<string, Record<string, GoldenScores>> };
  return file.benchmarks[goldenNames[name]] ?? {};
}

/** What a scorer printed or returned for a run. */
export function goldenAggregate(name: BenchmarkName, run: string, scorer: string): unknown {
  const file = read("aggregates") as { aggregates: Record<string, Record<string, Record<string, unknown>>> };
  return file.aggregates[goldenNames[name]]?.[run]?.[scorer];
}

export const goldenFile = read;

/** The items of a benchmark by id. */
export function goldenItems(name: BenchmarkName): Map<string, BenchmarkItem> {
  const items = itemsOfGolden(name, goldenBenchmark(name).files);
  return new Map(items.map((item) => [item.id, item]));
}

type Recorded = string | (string | number)[] | null;

/** NaN and infinities are recorded as texts. */
function recorded(extracted: Extracted | null): Recorded {
  if (typeof extracted === "number") return String(extracted);
  if (extracted === null || typeof extracted === "string") return extracted;
  return extracted.map((one) => (typeof one === "number" && !Number.isFinite(one) ? floatText(one) : one));
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
