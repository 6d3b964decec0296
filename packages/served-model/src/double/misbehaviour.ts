import { createHash } from "node:crypto";

/** Ways in which servers fail; each is the whole fate of one request. */
export const misbehaviours = [
  "rate-limit", // 429 with Retry-After
  "fail", // 500
  "unavailable", // 503
  "refuse-page", // 502 with a page, as a proxy says it
  "hang", // never a byte
  "stall", // half a reply, then silence
  "cut", // half a reply, then the connection is closed
  "close", // the connection is closed at once
  "page", // 200 with a page
  "half-json", // 200 with half the JSON, as if whole
  "no-choices",
  "null-content",
  "wrong-index",
  "abort", // finish_reason abort, as a paused vLLM
] as const;
export type Misbehaviour = (typeof misbehaviours)[number];

/** A number in [0, 1) that depends on the texts alone. */
export function drawOf(...texts: readonly (string | number)[]): number {
  return createHash("sha256").update(JSON.stringify(texts)).digest().readUInt32BE() / 2 ** 32;
}
