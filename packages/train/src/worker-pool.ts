/**
 * Worker threads that answer typed requests, one at a time each. A trainer keeps a replica of its model in every
 * worker; the main thread only hands out work, so Ctrl-C and progress stay responsive.
 */
import { parentPort, Worker, workerData } from "node:worker_threads";

/** What a worker sends back: the answer, or its error with the fields that tell the user what to do. */
type Reply<Response> = { ok: true; value: Response } | { ok: false; error: ErrorFields };
interface ErrorFields {
  name: string;
  message: string;
  stack?: string | undefined;
  hint?: string | undefined;
}

/** An error that happened inside a worker, with its original name, message, stack and hint. */
export class WorkerError extends Error {
  readonly code = "WORKER_FAILED";
  readonly hint: string | undefined;

  constructor(fields: ErrorFields) {
    super(fields.message);
    this.name = fields.name;
    this.hint = fields.hint;
    if (fields.stack) this.stack = fields.stack;
  }
}

/** `size` worker threads; `run` queues a request behind the earlier ones of that worker. */
export interface WorkerPool<Request, Response> {
  readonly size: number;
  run(worker: number, request: Request): Promise<Response>;
  /** The same request to every worker. */
  all(request: Request): Promise<Response[]>;
  close(): Promise<void>;
}

/**
 * Starts `size` threads of the module `entry`, which must call `serveWorker`.
 *
 * @param data - Handed to each worker once, by structured clone; SharedArrayBuffers are shared.
 */
export function workerPool<Request, Response>(entry: URL, size: number, data: unknown): WorkerPool<Request, Response> {
  const workers = Array.from({ length: size }, () => startWorker<Request, Response>(entry, data));
  return {
    size,
    run: (worker, request) => workers[worker % size]!.run(request),
    all: (request) => Promise.all(workers.map((worker) => worker.run(request))),
    close: async () => {
      await Promise.all(workers.map((worker) => worker.close()));
    },
  };
}

function startWorker<Request, Response>(entry: URL, data: unknown) {
  const worker = new Worker(entry, { workerData: data });
  const waiting: { resolve: (value: Response) => void; reject: (error: Error) => void }[] = [];
  let failure: Error | undefined;
  const fail = (error: Error) => {
    failure ??= error;
    for (const { reject } of waiting.splice(0)) reject(failure);
  };
  worker.on("message", (reply: Reply<Response>) => {
    const next = waiting.shift();
    if (reply.ok) next?.resolve(reply.value);
    else next?.reject(new WorkerError(reply.error));
  });
  worker.on("error", fail);
  worker.on("exit", (code) => fail(new Error(`A worker thread stopped with exit code ${code}.`)));
  return {
    run: (request: Request) =>
      new Promise<Response>((resolve, reject) => {
        if (failure) return reject(failure);
        waiting.push({ resolve, reject });
        worker.postMessage(request);
      }),
    close: () => worker.terminate(),
  };
}

/**
 * The other side: answers each request with `handle(request)`, strictly in order.
 *
 * @param start - Called once with the pool's data; the handler it returns serves every request.
 */
export function serveWorker<Data, Request, Response>(
  start: (data: Data) => Promise<(request: Request) => Promise<Response>>,
): void {
  const port = parentPort;
  if (!port) throw new Error("serveWorker runs inside a worker thread that workerPool started.");
  const ready = start(workerData as Data);
  ready.catch(() => {}); // reported with the first request
  let queue: Promise<unknown> = Promise.resolve();
  port.on("message", (request: Request) => {
    queue = queue.then(async () => {
      let reply: Reply<Response>;
      try {
        reply = { ok: true, value: await (await ready)(request) };
      } catch (error) {
        const { name, message, stack, hint } = error as Error & { hint?: string };
        reply = { ok: false, error: { name, message, stack, hint } };
      }
      port.postMessage(reply);
    });
  });
}
