/** The fields of an error that pass between threads. */
export interface ErrorFields {
  name: string;
  message: string;
  stack?: string | undefined;
  code?: string | undefined;
  hint?: string | undefined;
}

/** An error that happened inside a worker, with its original name, message, code, hint and stack. */
export class WorkerError extends Error {
  /** The original error's code; WORKER_FAILED where it had none, WORKER_DIED where the thread ended. */
  readonly code: string;
  readonly hint: string | undefined;
  /** The process whose worker it was, in a run of several. */
  readonly rank: number | undefined;

  constructor({ name, message, stack, code = "WORKER_FAILED", hint }: ErrorFields, rank?: number) {
    super(message);
    this.rank = rank;
    this.name = name;
    this.code = code;
    this.hint = hint;
    if (stack) this.stack = stack;
  }
}

export function errorFields(error: unknown): ErrorFields {
  if (!(error instanceof Error)) return { name: "Error", message: String(error) };
  const { name, message, stack, code, hint } = error as Error & { code?: string; hint?: string };
  return { name, message, stack, code, hint };
}
