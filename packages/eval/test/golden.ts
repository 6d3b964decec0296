import { readFileSync } from "node:fs";
import { type BenchmarkName, publicBenchmarkNames } from "../src/benchmark-name.ts";
import type { OfficialContents } from "../src/official-file.ts";

const folder = new URL("golden/benchmarks/", import.meta.url);

/** A recorded table, parsed. */
export const goldenJson = (file: string): unknown => JSON.parse(readFileSync(new URL(file, folder), "utf8"));

/** What <benchmark>.json of the golden tables holds. */
export interface GoldenBenchmark {
  files: OfficialContents;
  probes: (string | number)[];
  runs: Record<string, Record<string, string>>;
  videoR1File?: Record<string, Record<string, unknown>[]>;
}

/** Names of the golden tables: ours without hyphens. */
export const goldenName = (name: BenchmarkName): string => name.replaceAll("-", "");

export const goldenBenchmark = (name: BenchmarkName): GoldenBenchmark =>
  goldenJson(`${goldenName(name)}.json`) as GoldenBenchmark;

export const everyBenchmark = publicBenchmarkNames.map((name) => [name, goldenBenchmark(name)] as const);
