import { setTimeout } from "node:timers/promises";

/** Clock and chance, so that tests can replace them. */
export interface Surroundings {
  /** Seconds from any fixed moment. */
  now: () => number;
  /** Rejects with the signal's reason if it is aborted. */
  sleep: (seconds: number, signal?: AbortSignal) => Promise<void>;
  /** In [0, 1). */
  random: () => number;
}

export const realSurroundings: Surroundings = {
  now: () => performance.now() / 1000,
  async sleep(seconds, signal) {
    try {
      await setTimeout(seconds * 1000, undefined, signal && { signal });
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    }
  },
  random: Math.random,
};
