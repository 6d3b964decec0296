import type { ProblemId } from "./files/question.ts";
import type { LedgerCode, LedgerEntry } from "./ledger.ts";

/**
 * The ledger's entry for a record that could not be loaded.
 *
 * @param codes - The ledger's code for each error code of loading; any other error is `LOAD_FAILED`.
 */
export function failureEntry(
  problemId: ProblemId,
  error: Error & { code?: unknown },
  codes: Readonly<Record<string, LedgerCode>>,
): LedgerEntry {
  const code = String(error.code);
  return { problemId, code: Object.hasOwn(codes, code) ? codes[code]! : "LOAD_FAILED", reason: error.message };
}
