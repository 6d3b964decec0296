/** A record that could not be used, and why. */
export interface Failure {
  problemId: number;
  reason: string;
}

/** More records failed than the config allows. */
export class TooManyFailuresError extends Error {
  override readonly name = "TooManyFailuresError";
  readonly code = "TOO_MANY_FAILURES";
  readonly failed: number;
  readonly seen: number;
  readonly hint = "Look at failures.jsonl; mend the records or their media, or raise maxFailedShare.";

  constructor(failed: number, seen: number, last: Failure) {
    super(`${failed} of ${seen} records failed; the last, record ${last.problemId}: ${last.reason}`);
    this.failed = failed;
    this.seen = seen;
  }
}

/** Records of a run by how they ended: every record that was drawn ends once, trained or failed. */
export interface Ledger {
  train(count: number): void;
  /** @throws {TooManyFailuresError} Beyond the allowed share, once 20 records have been seen. */
  fail(failures: readonly Failure[]): void;
  counts(): LedgerCounts;
}

export interface LedgerCounts {
  trained: number;
  failed: number;
}

/** Records that must have been seen before their share of failures says anything. */
const enoughToJudge = 20;

/**
 * @param start - Counts of the checkpoint that the run goes on from.
 * @param onFailure - Called for each record that failed.
 */
export function createLedger(
  maxFailedShare: number,
  start: LedgerCounts,
  onFailure: (failure: Failure) => void,
): Ledger {
  const counts = { ...start };
  return {
    train(count) {
      counts.trained += count;
    },
    fail(failures) {
      for (const failure of failures) {
        counts.failed++;
        onFailure(failure);
      }
      const seen = counts.trained + counts.failed;
      const last = failures.at(-1);
      if (last && seen >= enoughToJudge && counts.failed > maxFailedShare * seen)
        throw new TooManyFailuresError(counts.failed, seen, last);
    },
    counts: () => ({ ...counts }),
  };
}
