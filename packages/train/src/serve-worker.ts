import { parentPort, workerData } from "node:worker_threads";
import { transferOf } from "./hand-over.ts";
import type { Member } from "./member.ts";
import { errorFields } from "./worker-error.ts";
import { abortMessage, type Calls, type Message, type PoolWorkerData, type Reply } from "./worker-messages.ts";

/** One handler for every call. */
export type Handlers<C extends Calls<C>> = {
  [K in keyof C]: (request: C[K]["request"]) => Promise<C[K]["reply"]> | C[K]["reply"];
};

/**
 * The worker's side of `workerPool`: answers each call with its handler, strictly in order.
 *
 * @param start - Called once with the pool's data, the worker's place in the run, for `memberCollective`, and a signal that
 * is aborted with the pool's. An error that it throws answers every call.
 */
export function serveWorker<Data extends object, C extends Calls<C>>(
  start: (data: Data, member: Member, signal: AbortSignal) => Promise<Handlers<C>>,
): void {
  const port = parentPort;
  if (!port) throw new Error("serveWorker runs inside a worker thread that workerPool started.");
  const { data, member } = workerData as PoolWorkerData;
  const stop = new AbortController();
  const ready = start(data as Data, member, stop.signal);
  ready.catch(() => {}); // answered with the first call
  let queue = Promise.resolve();
  port.on("message", (message: Message<C>) => {
    if (message === abortMessage) return stop.abort(new DOMException("Stopped by the user.", "AbortError"));
    const { name, request } = message;
    queue = queue.then(async () => {
      try {
        const handlers = await ready;
        const value = await handlers[name](request);
        port.postMessage({ ok: true, value } satisfies Reply, transferOf(value));
      } catch (error) {
        port.postMessage({ ok: false, error: errorFields(error) } satisfies Reply);
      }
    });
  });
}
