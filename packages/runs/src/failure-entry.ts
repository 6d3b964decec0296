import type { LedgerCode, LedgerEntry } from "./ledger.ts";

/** The codes of the errors with which loading a record ends. */
const codes: Readonly<Record<string, LedgerCode>> = {
  MEDIA_NOT_FOUND: "MEDIA_MISSING",
  MEDIA_OUTSIDE_ROOT: "MEDIA_MISSING",
  DECODE_FAILED: "MEDIA_UNREADABLE",
  IMAGE_SIZE: "SHAPE_REFUSED",
};

/** The ledger's entry for a record that could not be loaded. */
export function failureEntry(problemId: number, error: Error & { code?: unknown }): LedgerEntry {
  return { problemId, code: codes[String(error.code)] ?? "LOAD_FAILED", reason: error.message };
}
