/**
 * Worker threads that answer typed calls, one at a time each. A trainer keeps a replica of its model in every worker;
 * the main thread only hands out work, so Ctrl-C and progress stay responsive.
 */
import { type Transferable, Worker, type WorkerOptions } from "node:worker_threads";
import type { Member } from "./member.ts";
import { threadMembers } from "./thread-collective.ts";
import { type ErrorFields, errorFields, WorkerError } from "./worker-error.ts";
import { abortMessage, type Calls, type PoolWorkerData, type Reply } from "./worker-messages.ts";

/** A request, and the buffers in it that pass to the worker without a copy; this thread cannot read them any more. */
export interface Asked<Request extends object> {
  request: Request;
  transfer?: readonly Transferable[];
}

export interface WorkerPool<C extends Calls<C>> {
  readonly size: number;
  /** Whether worker `worker % size` is a thread of this process, see `rankPool`. */
  isOwn(worker: number): boolean;
  /** Queues a call behind the earlier ones of worker `worker % size`. */
  call<K extends keyof C>(worker: number, name: K, request: C[K]["request"]): Promise<C[K]["reply"]>;
  /** As `call`, with a request that is made where the worker is, see `rankPool`; making it may take a while. */
  callWith<K extends keyof C>(
    worker: number,
    name: K,
    make: () => Promise<Asked<C[K]["request"]>>,
  ): Promise<C[K]["reply"]>;
  /** The same call to every worker; the replies in order of the workers. The first error rejects it at once. */
  all<K extends keyof C>(name: K, request: C[K]["request"]): Promise<C[K]["reply"][]>;
  /** As `all`, with a request for each worker. */
  each<K extends keyof C>(
    name: K,
    requestOf: (worker: number) => Asked<C[K]["request"]> | Promise<Asked<C[K]["request"]>>,
  ): Promise<C[K]["reply"][]>;
  /** As `all`, to the workers of this process alone; the other processes of a run are told nothing of the replies. */
  allOwn<K extends keyof C>(name: K, request: C[K]["request"]): Promise<C[K]["reply"][]>;
  /** Ends the threads at once; calls that wait are rejected. */
  close(): Promise<void>;
}

export interface WorkerPoolOptions {
  /** Aborts the signal of every worker, see `serveWorker`. */
  signal?: AbortSignal;
  /** The workers' places; default: the members of one group of threads. */
  members?: readonly Member[];
}

/**
 * Starts `size` threads of the module `entry`, which must call `serveWorker`. Each is a member of one group, which
 * `threadCollective` joins.
 *
 * @param entry - JavaScript, or, where this package itself runs from source, TypeScript.
 * @param data - Handed to each worker once, by structured clone.
 * @throws {WorkerError} From a call: what the worker's handler or start threw, or WORKER_DIED if the thread is gone.
 */
export function workerPool<C extends Calls<C>>(
  entry: URL,
  size: number,
  data: object,
  { signal, members = threadMembers(size) }: WorkerPoolOptions = {},
): WorkerPool<C> {
  process.env.OMP_WAIT_POLICY ??= "passive"; // for @videor1/tfjs-backend-torch: only the main thread can set it
  const workers = members.map((member) => startWorker(entry, { data, member }));
  const abort = () => {
    for (const worker of workers) worker.abort();
  };
  signal?.addEventListener("abort", abort, { once: true });
  const pool: WorkerPool<C> = {
    size,
    isOwn: () => true,
    call: (worker, name, request) => workers[worker % size]!.call(String(name), request, []),
    async callWith(worker, name, make) {
      const { request, transfer = [] } = await make();
      return await workers[worker % size]!.call(String(name), request, transfer);
    },
    all: (name, request) => pool.each(name, () => ({ request })),
    each: (name, requestOf) =>
      together(
        workers.map(async (worker, index) => {
          const { request, transfer = [] } = await requestOf(index);
          return await worker.call(String(name), request, transfer);
        }),
      ),
    allOwn: (name, request) => pool.all(name, request),
    close: async () => {
      signal?.removeEventListener("abort", abort);
      await Promise.all(workers.map((worker) => worker.close()));
    },
  };
  return pool;
}

/**
 * The results, or the first error at once: the other workers may be waiting for the one that failed. MEMBER_LEFT, the error
 * that another member left, waits for that member's own error.
 */
export async function together<T>(calls: readonly Promise<T>[]): Promise<T[]> {
  const failure = new Promise<never>((_, reject) => {
    for (const call of calls)
      call.catch((error: unknown) => {
        if (!(error instanceof WorkerError && error.code === "MEMBER_LEFT")) reject(error);
      });
  });
  await Promise.race([Promise.allSettled(calls), failure]);
  return Promise.all(calls);
}

/** Starts a thread. A module in TypeScript, such as this repository's own when they run from source, goes through tsx. */
function startThread(entry: URL, options: WorkerOptions): Worker {
  if (!entry.pathname.endsWith(".ts")) return new Worker(entry, options);
  return new Worker(new URL("./typescript-worker.mjs", import.meta.url), { ...options, argv: [entry.href] });
}

function startWorker(entry: URL, data: PoolWorkerData) {
  const ports = "ports" in data.member ? data.member.ports.filter((port) => port !== null) : [];
  const worker = startThread(entry, { workerData: data, transferList: ports });
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
    call: (name: string, request: object, transfer: readonly Transferable[]) =>
      new Promise<object>((resolve, reject) => {
        if (death) return reject(death);
        worker.postMessage({ name, request }, transfer);
        waiting.push({ resolve, reject });
      }),
    abort: () => worker.postMessage(abortMessage),
    close: () => worker.terminate(),
  };
}
