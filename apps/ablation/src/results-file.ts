import { readFileSync } from "node:fs";
import { z } from "zod";
import { type Measures, metricNames } from "./metrics.ts";
import type { Provenance } from "./provenance.ts";
import type { ArmRuns } from "./results.ts";

const text = z.array(z.string());
const measure = z.number().nullable().default(null);

/** Only what was measured; means and comparisons are made anew from it, so that files of earlier versions do as well. */
const ResultsFile = z.object({
  provenance: z.object({
    command: z.string(),
    commits: text,
    engines: text,
    node: z.string(),
    machine: z.string(),
    settings: text,
  }),
  settings: z.record(z.string(), z.unknown()),
  arms: z.array(
    z.object({
      arm: z.string(),
      about: z.string(),
      runs: z.array(
        z.object({
          sftSeed: z.int(),
          rlSeed: z.int(),
          measures: z
            .strictObject(Object.fromEntries(metricNames.map((name) => [name, measure])))
            .transform((measures) => measures as Measures),
        }),
      ),
    }),
  ),
  planned: z.int(),
});

export interface ResultsFile {
  provenance: Provenance;
  settings: Record<string, unknown>;
  arms: ArmRuns[];
  planned: number;
}

/** A file that is to hold results does not. */
export class ResultsFileError extends Error {
  override readonly name = "ResultsFileError";
  readonly code = "ABLATION_RESULTS_FILE";
  readonly hint = "from= takes the .json that npm run ablation writes beside its page.";
}

/**
 * Reads the runs of a results .json.
 *
 * @throws {ResultsFileError} If the file is not there, is not JSON, or lacks what was measured.
 */
export function readResultsFile(path: string): ResultsFile {
  try {
    return ResultsFile.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch (error) {
    const reason = error instanceof z.ZodError ? z.prettifyError(error) : (error as Error).message;
    throw new ResultsFileError(`${path} holds no results: ${reason}`, { cause: error });
  }
}
