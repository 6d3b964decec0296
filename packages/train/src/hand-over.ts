import { ownBuffer } from "./own-buffer.ts";

/**
 * A value for another thread, whose bytes and floats pass by transfer, not by a copy; this thread cannot read them any more. An array
 * that fills its buffer is handed over as it is, any other as a copy; one that is named twice stays one.
 */
export function handOver<T>(value: T): { value: T; transfer: ArrayBuffer[] } {
  const owned = new Map<object, Uint8Array<ArrayBuffer> | Float32Array<ArrayBuffer>>();
  const walk = (value: unknown): unknown => {
    if (value instanceof Uint8Array || value instanceof Float32Array) {
      const own = owned.get(value) ?? ownBuffer(value);
      owned.set(value, own);
      return own;
    }
    if (Array.isArray(value)) return value.map(walk);
    if (!isPlain(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, walk(field)]));
  };
  const walked = walk(value) as T;
  return { value: walked, transfer: [...new Set([...owned.values()].map(({ buffer }) => buffer))] };
}

const isPlain = (value: unknown): value is object =>
  typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;

const transfers = new WeakMap<object, ArrayBuffer[]>();

/** The reply of a worker whose bytes and floats pass to the main thread by transfer. */
export function replyByTransfer<T extends object>(reply: T): T {
  const { value, transfer } = handOver(reply);
  transfers.set(value, transfer);
  return value;
}

/** The buffers of a reply that was made so; none of any other. */
export const transferOf = (reply: object): ArrayBuffer[] => transfers.get(reply) ?? [];
