import { engine } from "@tensorflow/tfjs-core";

/** What a backend has that writes files beside JavaScript. */
interface WritingBackend {
  flushWrites(): Promise<ReadonlyMap<number, number>>;
}

let deferring = false;

/** Whether tensors are written after `run` of `deferWrites`. */
export const isDeferring = (): boolean => deferring;

/**
 * Runs `run`, whose writes of `tensorData` are left pending, and begins to make them beside JavaScript.
 *
 * @param run - Nothing else may write tensors until it ends.
 * @returns `done`: CRC-32 by the descriptor of each file that such a write went to, once all are on the disk. Until then its
 * tensors must not change in place. Where the backend cannot write that way they are written at once, and there is no `done`.
 */
export async function deferWrites(run: () => Promise<void>): Promise<{ done?: Promise<ReadonlyMap<number, number>> }> {
  const backend = engine().backend as Partial<WritingBackend> | null;
  if (!backend?.flushWrites) {
    await run();
    return {};
  }
  deferring = true;
  let failure: { error: unknown } | undefined;
  try {
    await run();
  } catch (error) {
    failure = { error };
  } finally {
    deferring = false;
  }
  const done = backend.flushWrites();
  if (!failure) return { done };
  await done.catch(() => {}); // the files may be closed only then
  throw failure.error;
}
