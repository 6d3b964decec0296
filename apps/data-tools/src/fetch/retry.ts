import { PassingError } from "./hub-error.ts";

export interface RetryOptions {
  /** Times that something is tried again while nothing comes of it. */
  retries: number;
  signal: AbortSignal;
  /** Waits; rejects once the signal is aborted. */
  sleep(milliseconds: number): Promise<void>;
  /** Called before a wait. */
  onRetry?: (message: string, milliseconds: number) => void;
}

/**
 * The result of `action`, which is called again after a `PassingError`: after 1, 2, 4 … 30 seconds, or when the server says.
 *
 * @param progress - A number that grows as something comes of it; then tries are counted from none again.
 * @throws {Error} Any other error, or the last one that should have passed.
 */
export async function withRetries<Result>(
  action: () => Promise<Result>,
  { retries, signal, sleep, onRetry }: RetryOptions,
  progress: () => number = () => 0,
): Promise<Result> {
  for (let tries = 0, before = progress(); ; ) {
    signal.throwIfAborted();
    try {
      return await action();
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof PassingError)) throw error;
      if (progress() > before) tries = 0;
      before = progress();
      if (tries >= retries) throw error;
      const milliseconds = error.afterMs ?? Math.min(30_000, 1000 * 2 ** tries);
      tries += 1;
      onRetry?.(error.message, milliseconds);
      await sleep(milliseconds);
    }
  }
}
