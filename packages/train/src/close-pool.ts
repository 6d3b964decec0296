import { setTimeout as sleep } from "node:timers/promises";

/** A pool of workers that answer `TrainingCalls`. */
export interface TrainingPool {
  allOwn(name: "settle", request: object): Promise<object[]>;
  close(): Promise<void>;
}

/** A guard against a worker that answers no more. */
const longestMs = 600_000;

/**
 * Ends a pool of training workers once the checkpoint that those of this process may still be writing is safe, or has failed: whatever
 * ended the run, the checkpoint that it made before is not lost.
 */
export async function closePool(pool: TrainingPool): Promise<void> {
  const over = new AbortController();
  const settled = pool.allOwn("settle", {}).catch(() => {}); // the worker is gone, or the error is that of an earlier call
  const tooLong = sleep(longestMs, undefined, { signal: over.signal }).catch(() => {});
  await Promise.race([settled, tooLong]);
  over.abort();
  await pool.close();
}
