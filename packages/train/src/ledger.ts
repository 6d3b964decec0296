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
  readonly hint =
    "failures.jsonl in the output folder has them all; mend the records or their media, or raise maxFailedShare.";

  constructor(failed: number, seen: number, last: Failure) {
    super(`${failed} of ${seen} records failed; the last, record ${last.problemId}: ${last.reason}`);
    this.failed = failed;
    this.seen = seen;
  }
}

/** Records of a run by how they ended: every record that was drawn ends once, trained or failed. */
export interface Ledger {
  /** @throws {TooManyFailuresError} Where more than `maxFailedShare` of the records seen, or of the first 20, failed. */
  batch(trained: number, failures: readonly Failure[]): void;
  counts(): LedgerCounts;
}

export interface LedgerCounts {
  trained: number;
  failed: number;
}

/** Until so many records have been seen, failures are judged as if the rest of them will do. */
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
  const counts = { trained: start.trained, failed: start.failed };
  return {
    batch(trained, failures) {
      counts.trained += trained;
      counts.failed += failures.length;
      for (const failure of failures) onFailure(failure);
      const seen = counts.trained + counts.failed;
      const last = failures.at(-1);
      if (last && counts.failed > maxFailedShare * Math.max(seen, enoughToJudge))
        throw new TooManyFailuresError(counts.failed, seen, last);
    },
    counts: () => ({ ...counts }),
  };
}
