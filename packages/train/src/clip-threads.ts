import { availableParallelism } from "node:os";
import { handOver } from "./hand-over.ts";
import { type WorkerPool, workerPool } from "./worker-pool.ts";

/** What the threads of `clipThreads` answer, by transfer: `serveWorker` with a handler of this name. */
export interface ClipCalls<Clip, Ready extends object> {
  ready: { request: { clips: readonly Clip[] }; reply: Ready };
}

export interface ClipThreadsOptions<Clip, Ready extends object> {
  /** The module of a thread, which serves `ClipCalls`. */
  entry: URL;
  /** What each thread gets at its start. */
  data: object;
  /** The threads' work, done here: for clips that it takes no longer than passing them on. */
  here: (clips: readonly Clip[]) => Ready;
  /** Processes that share the cores. Default 1. */
  sharers?: number | undefined;
}

export interface ClipThreads<Clip, Ready> {
  /** Makes clips ready for the model; this thread cannot read those given any more. */
  ready(clips: readonly Clip[]): Promise<Ready>;
  close(): Promise<void>;
}

/** Clips of fewer bytes take some milliseconds, and no thread is started for them. */
const smallBytes = 2 ** 20;

/** One for each four cores, at most four: a clip of 16 frames takes half a second at 1080p. */
const threadsOf = (sharers: number): number =>
  Math.max(1, Math.min(4, Math.floor(availableParallelism() / sharers / 4)));

/** Threads that make clips ready ahead of time, so that the thread which feeds a device need not. They start with the first large clip. */
export function clipThreads<Clip extends { rgb: Uint8Array }, Ready extends object>({
  entry,
  data,
  here,
  sharers = 1,
}: ClipThreadsOptions<Clip, Ready>): ClipThreads<Clip, Ready> {
  let pool: WorkerPool<ClipCalls<Clip, Ready>> | undefined;
  let next = 0;
  return {
    async ready(clips) {
      if (clips.reduce((sum, { rgb }) => sum + rgb.length, 0) < smallBytes) return here(clips);
      pool ??= workerPool(entry, threadsOf(sharers), data);
      return await pool.callWith(next++, "ready", async () => {
        const { value, transfer } = handOver({ clips });
        return { request: value, transfer };
      });
    },
    close: async () => await pool?.close(),
  };
}
