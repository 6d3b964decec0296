import { deriveSeed } from "@videor1/random";
import { ModelInputError } from "./errors.ts";
import type { GenerateOptions } from "./generate-options.ts";
import type { CheckedInputs } from "./inputs.ts";

/** One completion while it grows. */
export interface GenerationRow {
  prompt: number;
  seed: number;
  ids: number[];
  logps: number[];
  /** Ids that the repetition penalty applies to; empty without one. */
  seen: Set<number>;
  finished: boolean;
}

/**
 * Creates the rows of a batch, those of prompt 0 first.
 *
 * @throws {ModelInputError} GENERATE_OPTIONS
 */
export function createRows(prompts: CheckedInputs, options: GenerateOptions): GenerationRow[] {
  const { maxNewTokens, maxRows = 1, numReturnSequences = 1, seed = 0, seeds, repetitionPenalty = 1 } = options;
  const { batch, length, inputIds, attentionMask } = prompts;
  const invalid = (what: string, hint: string) =>
    new ModelInputError("GENERATE_OPTIONS", what, hint, { ...options, signal: undefined, onRow: undefined });
  const counts =
    typeof numReturnSequences === "number" ? new Array<number>(batch).fill(numReturnSequences) : numReturnSequences;
  if (counts.length !== batch || counts.some((count) => !Number.isInteger(count) || count < 0)) {
    throw invalid(`numReturnSequences [${counts}] for ${batch} prompts`, "Give a count, or one count per prompt.");
  }
  if (!Number.isInteger(maxNewTokens) || maxNewTokens < 1)
    throw invalid(`maxNewTokens ${maxNewTokens}`, "Give an integer >= 1.");
  if (!Number.isInteger(maxRows) || maxRows < 1) throw invalid(`maxRows ${maxRows}`, "Give an integer >= 1, or none.");
  const promptOf = counts.flatMap((count, prompt) => new Array<number>(count).fill(prompt));
  if (seeds && seeds.length !== promptOf.length)
    throw invalid(`${seeds.length} seeds for ${promptOf.length} rows`, "Give one seed per row.");
  const promptIds = (prompt: number) =>
    inputIds.subarray(prompt * length, (prompt + 1) * length).filter((_, t) => attentionMask[prompt * length + t]);
  return promptOf.map((prompt, row) => ({
    prompt,
    seed: seeds?.[row] ?? deriveSeed(seed, row),
    ids: [],
    logps: [],
    seen: new Set(repetitionPenalty === 1 ? [] : promptIds(prompt)),
    finished: false,
  }));
}
