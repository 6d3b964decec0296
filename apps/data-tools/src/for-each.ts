import { setMaxListeners } from "node:events";

/**
 * Runs an action on each item, `concurrency` of them at a time at most; items are taken from their source as actions end. The
 * first error aborts the actions' signal and is thrown once all have ended.
 *
 * @throws The signal's reason once it is aborted.
 */
export async function forEach<Item>(
  items: AsyncIterable<Item> | Iterable<Item>,
  { concurrency, signal }: { concurrency: number; signal: AbortSignal },
  action: (item: Item, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const broken = new AbortController();
  const both = AbortSignal.any([signal, broken.signal]);
  setMaxListeners(0, both); // each action may listen
  const running = new Set<Promise<void>>();
  try {
    for await (const item of items) {
      while (running.size >= concurrency) await Promise.race(running);
      both.throwIfAborted();
      const work = action(item, both)
        .catch((error: unknown) => broken.abort(error))
        .finally(() => running.delete(work));
      running.add(work);
    }
  } catch (error) {
    broken.abort(error);
  } finally {
    await Promise.all(running);
  }
  both.throwIfAborted();
}
