import { existsSync } from "node:fs";
import { basename } from "node:path";
import { createOthers, lintRecord, type Other, type Others } from "@videor1/curation";
import {
  BenchmarkFileError,
  type BenchmarkName,
  BenchmarkRecordError,
  exampleOf,
  publicBenchmarkNames,
  readBenchmark,
} from "@videor1/eval";
import type { Rules } from "@videor1/rewards";
import { readDataSet } from "../files/read-data-set.ts";

export interface ReadOthersOptions {
  /** Files of other splits. */
  against: readonly string[];
  /** Folders that hold official files of benchmarks, each itself or in a folder of its own. */
  benchmarks: readonly string[];
  rules: Rules;
  signal: AbortSignal;
  print: (line: string) => void;
}

/** No folder holds a benchmark. */
export class NoBenchmarkError extends Error {
  override readonly name = "NoBenchmarkError";
  readonly code = "BENCHMARK_NOT_FOUND";
  readonly hint =
    `Lay out the official files as on the Hub, in a folder each or in one: ${publicBenchmarkNames.join(", ")}.`;
}

/** Media of another data set, and the folder that they are in. */
export interface OtherMedia {
  other: Other;
  mediaRoot: string | undefined;
  path: string;
  kind: "image" | "video";
}

/**
 * Reads the other splits and the benchmarks of which there are official files.
 *
 * @param onMedia - Receives each of their media; of several records of one medium once for each.
 * @throws {NoBenchmarkError} If a folder holds none. @throws {DatasetError} As `readDataSet`.
 */
export async function readOthers(
  { against, benchmarks, rules, signal, print }: ReadOthersOptions,
  onMedia: (media: OtherMedia) => void,
): Promise<Others> {
  const others = createOthers();
  for (const file of against) {
    const other: Other = { name: file, kind: "split" };
    for await (const { record } of readDataSet(file, rules)) {
      signal.throwIfAborted();
      if (record === undefined) continue;
      const read = lintRecord(record, rules);
      others.add(other, read);
      for (const { kind, path } of read.media)
        if (typeof path === "string") onMedia({ other, mediaRoot: undefined, path, kind });
    }
  }
  for (const folder of benchmarks) {
    if (!existsSync(folder)) throw new NoBenchmarkError(`${folder} is not there`);
    let found = 0;
    for (const name of publicBenchmarkNames) {
      signal.throwIfAborted();
      const read = await readIfThere(name, folder, print);
      if (read === undefined) continue;
      found += 1;
      const other: Other = { name, kind: "benchmark" };
      for (const [index, item] of read.items.entries()) {
        const example = exampleOf(item);
        const place = { file: basename(folder), index };
        others.add(other, lintRecord({ fields: fieldsOf(example), place, example }, rules));
        for (const { kind, path } of item.media)
          if (typeof path === "string") onMedia({ other, mediaRoot: read.mediaFolder, path, kind });
      }
      print(`${name}: ${read.items.length} questions, from ${read.files.join(", ")}`);
    }
    if (found === 0) throw new NoBenchmarkError(`${folder} holds the official files of no benchmark`);
  }
  return others;
}

async function readIfThere(name: BenchmarkName, folder: string, print: (line: string) => void) {
  try {
    return await readBenchmark(name, folder, { allowOtherCounts: true, print: () => {} });
  } catch (error) {
    if (!(error instanceof BenchmarkFileError || error instanceof BenchmarkRecordError)) throw error;
    if (!error.message.includes(" has not ")) print(`left out: ${error.message}`);
    return undefined;
  }
}

const fieldsOf = ({
  problem,
  options,
  solution,
}: {
  problem: string;
  options: readonly string[];
  solution: string;
}) => ({
  problem,
  options,
  solution,
});
