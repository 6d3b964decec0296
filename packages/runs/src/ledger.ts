import { z } from "zod";
import type { ProblemId } from "./files/question.ts";

/** The reasons why a record is not trained. The codes are stable; reports group by them. */
export const ledgerCodes = {
  RECORD_INVALID: {
    outcome: "skipped",
    meaning: "the record breaks the rules of records and was left out at the start",
  },
  NO_SIGNAL: { outcome: "skipped", meaning: "no answer of the group had an advantage" },
  NO_REWARD: { outcome: "skipped", meaning: "no part of the reward applied to the group's answers" },
  NON_FINITE_STEP: { outcome: "skipped", meaning: "the step's loss or gradient was not finite" },
  REWARD_FAILED: { outcome: "failed", meaning: "too few answers of the group could be scored" },
  SAMPLING_FAILED: { outcome: "failed", meaning: "the servers gave no answers to the question" },
  MEDIA_MISSING: { outcome: "failed", meaning: "no such media file" },
  MEDIA_UNREADABLE: { outcome: "failed", meaning: "the media file cannot be decoded" },
  SHAPE_REFUSED: { outcome: "failed", meaning: "the model takes no image of this shape" },
  TEXT_REFUSED: { outcome: "failed", meaning: "the text holds a token of the chat's structure" },
  LOAD_FAILED: { outcome: "failed", meaning: "loading broke off for another reason" },
} as const satisfies Record<string, { outcome: "skipped" | "failed"; meaning: string }>;

export type LedgerCode = keyof typeof ledgerCodes;

/** A record that was not trained, and why. */
export interface LedgerEntry {
  problemId: ProblemId;
  code: LedgerCode;
  reason: string;
}

/** More records failed than the config allows. */
export class TooManyFailuresError extends Error {
  override readonly name = "TooManyFailuresError";
  readonly code = "TOO_MANY_FAILURES";
  readonly failed: number;
  readonly seen: number;
  readonly hint: string;

  constructor(failed: number, seen: number, last: LedgerEntry) {
    super(`${failed} of ${seen} records failed; the last, record ${last.problemId}: ${last.reason}`);
    this.failed = failed;
    this.seen = seen;
    const mended: Partial<Record<LedgerCode, string>> = {
      REWARD_FAILED: "the reward function",
      SAMPLING_FAILED: "the servers",
    };
    const mend = mended[last.code] ?? "the records or their media";
    this.hint = `ledger.jsonl in the output folder has them all; mend ${mend}, or raise maxFailedShare.`;
  }
}

/** Records of a run by how they ended: every record that was drawn ends once, as trained, skipped or failed. */
export interface Ledger {
  /** @throws {TooManyFailuresError} Where more than `maxFailedShare` of the records seen, or of the first 20, failed. */
  batch(trained: number, others: readonly LedgerEntry[]): void;
  counts(): LedgerCounts;
  totals(): LedgerTotals;
}

export interface LedgerCounts {
  trained: number;
  skipped: number;
  failed: number;
}

/** Records of a run so far, by how they ended; part of every checkpoint and of the manifest. */
export const LedgerTotals = z.object({
  trained: z.int().min(0),
  /** Number of records that were not trained, by code; codes without a record are absent. */
  byCode: z.partialRecord(z.enum(Object.keys(ledgerCodes) as LedgerCode[]), z.int().min(0)),
});
export type LedgerTotals = z.infer<typeof LedgerTotals>;

/** Failures are judged against at least this many records: as if those not seen yet will be trained. */
const enoughToJudge = 20;

/**
 * @param start - Totals of the checkpoint that the run resumes from.
 * @param onEntry - Called for each record that was not trained.
 */
export function createLedger(
  maxFailedShare: number,
  start: LedgerTotals,
  onEntry: (entry: LedgerEntry) => void,
): Ledger {
  const totals = { trained: start.trained, byCode: { ...start.byCode } };
  return {
    batch(trained, others) {
      totals.trained += trained;
      for (const entry of others) {
        totals.byCode[entry.code] = (totals.byCode[entry.code] ?? 0) + 1;
        onEntry(entry);
      }
      const { skipped, failed } = ledgerCounts(totals);
      const seen = totals.trained + skipped + failed;
      const last = others.filter(({ code }) => ledgerCodes[code].outcome === "failed").at(-1);
      if (last && failed > maxFailedShare * Math.max(seen, enoughToJudge))
        throw new TooManyFailuresError(failed, seen, last);
    },
    counts: () => ledgerCounts(totals),
    totals: () => ({ trained: totals.trained, byCode: { ...totals.byCode } }),
  };
}

function ledgerCounts({ trained, byCode }: LedgerTotals): LedgerCounts {
  const counts = { trained, skipped: 0, failed: 0 };
  for (const [code, count] of Object.entries(byCode)) counts[ledgerCodes[code as LedgerCode].outcome] += count;
  return counts;
}
