import { type LedgerCode, ledgerCodes } from "@videor1/runs";
import type { LedgerEntry } from "../read/run-schema.ts";

/** The records that a stage drew, over its runs, by how each ended: trained, skipped or failed. */
export interface LedgerView {
  name: string;
  trained: number;
  skipped: number;
  failed: number;
  /** The records that were not trained, by reason. */
  reasons: LedgerReason[];
}

export interface LedgerReason {
  code: LedgerCode;
  outcome: "skipped" | "failed";
  meaning: string;
  count: number;
  /** The first records. */
  examples: LedgerEntry[];
}

const shownExamples = 5;

/** The ledger of some runs. The number of trained records is that of each run's last step. */
export function ledgerView(
  name: string,
  runs: readonly { steps: readonly { trained: number }[]; ledger: readonly LedgerEntry[] }[],
): LedgerView {
  const entries = runs.flatMap(({ ledger }) => ledger);
  const reasons = (Object.keys(ledgerCodes) as LedgerCode[]).flatMap((code) => {
    const ofCode = entries.filter((entry) => entry.code === code);
    const examples = ofCode.slice(0, shownExamples);
    return ofCode.length === 0 ? [] : [{ code, ...ledgerCodes[code], count: ofCode.length, examples }];
  });
  const count = (outcome: LedgerReason["outcome"]) =>
    reasons.reduce((sum, reason) => sum + (reason.outcome === outcome ? reason.count : 0), 0);
  const trained = runs.reduce((sum, { steps }) => sum + steps.at(-1)!.trained, 0);
  return { name, trained, skipped: count("skipped"), failed: count("failed"), reasons };
}
