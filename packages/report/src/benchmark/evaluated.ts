import { type Benchmark, benchmarks } from "@videor1/eval";
import { type BenchSummary, RunFileError } from "@videor1/runs";

/** A summary of an evaluation on a benchmark that was read from its own files. */
export type Evaluated = BenchSummary & { evaluation: NonNullable<BenchSummary["evaluation"]> };

/**
 * The summary, if it is of such an evaluation.
 *
 * @throws {RunFileError} `RUN_FILES_DISAGREE` if it is of records that are no benchmark's.
 */
export function evaluated(summary: BenchSummary): Evaluated {
  const { name, evaluation } = summary;
  if (evaluation !== undefined) return { ...summary, evaluation };
  throw new RunFileError("RUN_FILES_DISAGREE", {
    path: `${name}.json`,
    reason: "is no evaluation on a benchmark: it has no field evaluation",
    hint: "Make it with npm run bench -- benchmark=NAME data=FOLDER; a file of records has a report of its own.",
  });
}

/** The benchmark that a summary is of; undefined for one that this version does not know. */
export const benchmarkOf = ({ benchmark }: Pick<BenchSummary, "benchmark">): Benchmark | undefined =>
  benchmark != null && benchmark in benchmarks ? benchmarks[benchmark as keyof typeof benchmarks] : undefined;

/** "VSI-Bench"; the evaluation's own name where the benchmark is not known. */
export const titleOf = (summary: BenchSummary): string =>
  benchmarkOf(summary)?.title ?? summary.benchmark ?? summary.name;

/** Frames of every video; null where a frame rate decided, or one of several numbers was drawn for each question. */
export function framesOf({ nframes }: Pick<BenchSummary, "nframes">): number | null {
  const numbers = new Set([nframes ?? []].flat());
  return numbers.size === 1 ? [...numbers][0]! : null;
}

/** "16 frames", "8 or 16 frames", "frames by frame rate". */
export const framesInWords = ({ nframes }: Pick<BenchSummary, "nframes">): string =>
  nframes === null ? "frames by frame rate" : `${[nframes].flat().join(" or ")} frames`;

/** Settings of decoding or media without places of this machine, as text; those that are not set are left out. */
export const settingTexts = (values: Readonly<Record<string, unknown>>): [key: string, text: string][] =>
  Object.entries(values).flatMap(([key, value]) => {
    if (value === undefined || value === null || key === "mediaRoot") return [];
    return [[key, typeof value === "string" ? value : JSON.stringify(value)]];
  });
