import { join } from "node:path";
import { z } from "zod";
import { type LedgerCode, ledgerCodes } from "../ledger.ts";
import { type ReadLinesOptions, readLines } from "./json-lines.ts";
import { problemId } from "./question.ts";

export const ledgerFile = "ledger.jsonl";

/** One line of ledger.jsonl: a record that was not trained, and why. */
export const LedgerLine = z.object({
  /** The step that drew it; 1 of a record that was left out at the start. */
  step: z.int().min(1),
  problemId,
  outcome: z.enum(["skipped", "failed"]),
  code: z.enum(Object.keys(ledgerCodes) as LedgerCode[]),
  reason: z.string(),
});
export type LedgerLine = z.infer<typeof LedgerLine>;

/**
 * Every line of a run's ledger.jsonl, steps ascending.
 *
 * @throws {RunFileError} As `readLines`.
 */
export const readLedger = (folder: string, options?: ReadLinesOptions): LedgerLine[] =>
  readLines(join(folder, ledgerFile), LedgerLine, options);
