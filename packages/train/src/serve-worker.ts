import { parentPort, workerData } from "node:worker_threads";
import type { ThreadMember } from "./thread-collective.ts";
import { errorFields } from "./worker-error.ts";
import type { Calls, PoolWorkerData, Reply } from "./worker-pool.ts";

/** One handler for every call. */
export type Handlers<C extends Calls<C>> = {
  [K in keyof C]: (request: C[K]["request"]) => Promise<C[K]["reply"]> | C[K]["reply"];
};

/**
 * The worker's side of `workerPool`: answers each call with its handler, strictly in order.
 *
 * @param start - Called once with the pool's data and the worker's place in the pool, for `threadCollective`. An error it
 * throws answers every call.
 */
export function serveWorker<Data extends object, C extends Calls<C>>(
  start: (data: Data, member: ThreadMember) => Promise<Handlers<C>>,
): void {
  const port = parentPort;
  if (!port) throw new Error("serveWorker runs inside a worker thread that workerPool started.");
  const { data, member } = workerData as PoolWorkerData;
  const ready = start(data as Data, member);
  ready.catch(() => {}); // answered with the first call
  let queue = Promise.resolve();
  port.on("message", ({ name, request }: { name: keyof C; request: C[keyof C]["request"] }) => {
    queue = queue.then(async () => {
      try {
        const handlers = await ready;
        port.postMessage({ ok: true, value: await handlers[name](request) } satisfies Reply);
      } catch (error) {
        port.postMessage({ ok: false, error: errorFields(error) } satisfies Reply);
      }
    });
  });
}
