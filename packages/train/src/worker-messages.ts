import type { ThreadMember } from "./thread-collective.ts";
import type { ErrorFields } from "./worker-error.ts";

/** What can be asked of a worker: the request and the reply of every call, by name. */
export type Calls<C> = { [K in keyof C]: { request: object; reply: object } };

/** What a worker thread gets at its start. */
export interface PoolWorkerData {
  data: object;
  member: ThreadMember;
}

/** Stops the call that a worker is at; it has no reply. */
export const abortMessage = "abort";

/** What the pool sends to a worker: a call, or the wish to stop. */
export type Message<C extends Calls<C>> = typeof abortMessage | { name: keyof C; request: C[keyof C]["request"] };

/** What a worker answers each call with, in their order. */
export type Reply = { ok: true; value: object } | { ok: false; error: ErrorFields };
