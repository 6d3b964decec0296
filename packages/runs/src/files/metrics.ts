import { join } from "node:path";
import { z } from "zod";
import { type ReadLinesOptions, readLines } from "./json-lines.ts";
import { JsonNumber } from "./json-number.ts";

export const metricsFile = "metrics.jsonl";

/**
 * One line of metrics.jsonl: a step that trained something, or that ended with a validation. Besides the fields below it
 * holds metrics by name: `loss`, tgrpo's `metricDescriptions`, `validation/<name>`, `seconds/<phase>` (time of a part of the
 * step), `bytes/<what>`.
 */
export const MetricsLine = z
  .object({
    /** Steps made, this one included. */
    step: z.int().min(1),
    /** Records of the run so far, by how they ended. */
    trained: z.int().min(0),
    skipped: z.int().min(0),
    failed: z.int().min(0),
    /** Since the run began, without the time between two of its processes. */
    secondsElapsed: z.number(),
  })
  .catchall(JsonNumber);
export type MetricsLine = z.infer<typeof MetricsLine>;

/**
 * Every line of a run's metrics.jsonl, steps ascending.
 *
 * @throws {RunFileError} As `readLines`.
 */
export const readMetrics = (folder: string, options?: ReadLinesOptions): MetricsLine[] =>
  readLines(join(folder, metricsFile), MetricsLine, options);

/** Whether a metric measures time or memory, in which runs with equal results differ. */
export const isMachineMetric = (name: string): boolean =>
  /^(secondsElapsed|tokensPerSecond|seconds\/.*|bytes\/.*)$/.test(name);
