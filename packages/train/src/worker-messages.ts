import type { Member } from "./member.ts";
import type { ErrorFields } from "./worker-error.ts";

/** The calls that a worker answers: request and reply by name. */
export type Calls<C> = { [K in keyof C]: { request: object; reply: object } };

/** The data of a worker thread at its start. */
export interface PoolWorkerData {
  data: object;
  member: Member;
}

/** Aborts the current call of a worker; the message itself has no reply. */
export const abortMessage = "abort";

/** A message from the pool to a worker: a call, or `abortMessage`. */
export type Message<C extends Calls<C>> = typeof abortMessage | { name: keyof C; request: C[keyof C]["request"] };

/** The answer of a worker to a call, in the order of the calls. */
export type Reply = { ok: true; value: object } | { ok: false; error: ErrorFields };
