/** What a promise comes to, or at once the reason of the signal when it is aborted; the promise's own end is then of no interest. */
export async function unlessStopped<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return await promise;
  promise.catch(() => {});
  signal.throwIfAborted();
  const over = new AbortController();
  const stopped = new Promise<never>((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { signal: over.signal });
  });
  return await Promise.race([promise, stopped]).finally(() => over.abort());
}
