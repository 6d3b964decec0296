/**
 * Worker threads that answer typed calls, one at a time each. A trainer keeps a replica of its model in every worker;
 * the main thread only hands out work, so Ctrl-C and progress stay responsive.
 */
import { parentPort, Worker, workerData } from "node:worker_threads";
import { type ErrorFields, errorFields, WorkerError } from "./worker-error.ts";

/** What can be asked of a worker: the request and the reply of every call, by name. */
export type Calls<C> = { [K in keyof C]: { request: object; reply: object } };

type Reply = { ok: true; value: object } | { ok: false; error: ErrorFields };

export interface WorkerPool<C extends Calls<C>> {
  readonly size: number;
  /** Queues a call behind the earlier ones of worker `worker % size`. */
  call<K extends keyof C>(worker: number, name: K, request: C[K]["request"]): Promise<C[K]["reply"]>;
  /** The same call to every worker; the replies in order of the workers. Where one fails, the others are waited for. */
  all<K extends keyof C>(name: K, request: C[K]["request"]): Promise<C[K]["reply"][]>;
  /** Ends the threads at once; calls that wait are rejected. */
  close(): Promise<void>;
}

/**
 * Starts `size` threads of the module `entry`, which must call `serveWorker`.
 *
 * @param data - Handed to each worker once, by structured clone; SharedArrayBuffers are shared.
 * @throws {WorkerError} From a call: what the worker's handler or start threw, or WORKER_DIED if the thread is gone.
 */
export function workerPool<C extends Calls<C>>(entry: URL, size: number, data: object): WorkerPool<C> {
  process.env.OMP_WAIT_POLICY ??= "passive"; // for @videor1/tfjs-backend-torch: only the main thread can set it
  const workers = Array.from({ length: size }, () => startWorker(entry, data));
  return {
    size,
    call: (worker, name, request) => workers[worker % size]!.call(String(name), request),
    async all(name, request) {
      const calls = workers.map((worker) => worker.call(String(name), request));
      await Promise.allSettled(calls);
      return Promise.all(calls);
    },
    close: async () => {
      await Promise.all(workers.map((worker) => worker.close()));
    },
  };
}

function startWorker(entry: URL, data: object) {
  const worker = new Worker(entry, { workerData: data });
  const waiting: { resolve: (value: object) => void; reject: (error: Error) => void }[] = [];
  let death: WorkerError | undefined;
  const die = (error: ErrorFields) => {
    death ??= new WorkerError({ ...error, code: "WORKER_DIED" });
    for (const { reject } of waiting.splice(0)) reject(death);
  };
  worker.on("message", (reply: Reply) => {
    const next = waiting.shift();
    if (reply.ok) next?.resolve(reply.value);
    else next?.reject(new WorkerError(reply.error));
  });
  worker.on("error", (error) => die(errorFields(error)));
  worker.on("exit", (code) => {
    const hint = "Often the memory ran out: use fewer workers or smaller batches. The same command goes on.";
    die({ name: "WorkerError", message: `A worker thread ended with exit code ${code}`, hint });
  });
  return {
    call: (name: string, request: object) =>
      new Promise<object>((resolve, reject) => {
        if (death) return reject(death);
        worker.postMessage({ name, request });
        waiting.push({ resolve, reject });
      }),
    close: () => worker.terminate(),
  };
}

/** One handler for every call. */
export type Handlers<C extends Calls<C>> = {
  [K in keyof C]: (request: C[K]["request"]) => Promise<C[K]["reply"]> | C[K]["reply"];
};

/**
 * The other side: answers each call with its handler, strictly in order.
 *
 * @param start - Called once with the pool's data; an error it throws answers every call.
 */
export function serveWorker<Data extends object, C extends Calls<C>>(
  start: (data: Data) => Promise<Handlers<C>>,
): void {
  const port = parentPort;
  if (!port) throw new Error("serveWorker runs inside a worker thread that workerPool started.");
  const ready = start(workerData as Data);
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
