import type { IncomingMessage } from "node:http";
import { RequestError } from "./request-error.ts";
import type { ServerState } from "./server-state.ts";

/** @throws {RequestError} 415 for anything but plain JSON. */
export function refuseOtherMedia({ headers }: IncomingMessage): void {
  const type = (headers["content-type"] ?? "application/json").split(";", 1)[0]!.trim().toLowerCase();
  const encoding = (headers["content-encoding"] ?? "identity").trim().toLowerCase();
  if (type === "application/json" && encoding === "identity") return;
  const problem = type === "application/json" ? `content-encoding ${encoding}` : `content-type ${type}`;
  const hint = "Send plain JSON with `content-type: application/json`.";
  throw new RequestError(415, "unsupported-media-type", `${problem} is not taken.`, hint);
}

/** @throws {RequestError} 503 while the server stops, 429 while it is full. */
export function refuseWhenFull({ stopping, inFlight }: ServerState, maxConcurrency: number): void {
  const hint = "Wait as long as retry-after says, then send it again.";
  const wait = { "retry-after": "1" };
  if (stopping) throw new RequestError(503, "stopping", "The server is stopping.", hint, {}, wait);
  if (inFlight < maxConcurrency) return;
  const message = `${inFlight} requests are in flight; at most ${maxConcurrency} are taken at once.`;
  throw new RequestError(429, "busy", message, hint, { maxConcurrency }, wait);
}

/** @throws {RequestError} 413 for a body that holds a list of too many elements, whatever they are. */
export function refuseTooMany(body: unknown, maxItems: number): void {
  const lists = typeof body === "object" && body !== null ? Object.values(body).filter(Array.isArray) : [];
  const items = Math.max(0, ...lists.map(({ length }) => length));
  if (items <= maxItems) return;
  const hint = "Send several requests, or start the server with a larger --max-items.";
  throw new RequestError(413, "too-many-items", `${items} items; at most ${maxItems} are taken.`, hint, { maxItems });
}
