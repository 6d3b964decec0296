import { isUtf8 } from "node:buffer";
import type { IncomingMessage } from "node:http";
import { jsonErrorPosition } from "./json-error-position.ts";
import { RequestError } from "./request-error.ts";

/** The client hung up before its request was whole, so there is nobody to respond to. */
export class ClientGoneError extends Error {
  override readonly name = "ClientGoneError";
  readonly code = "client-gone";
}

const tooLarge = (bytes: number, maxBytes: number): RequestError =>
  new RequestError(
    413,
    "too-large",
    `The body has ${bytes} bytes or more; at most ${maxBytes} are taken.`,
    "Send fewer items a request, or start the server with a larger --max-body-bytes.",
    { maxBodyBytes: maxBytes },
  );

/**
 * Reads the whole body of a request, at most `maxBytes`.
 *
 * @throws {RequestError} 413 as soon as the declared or received length passes `maxBytes`; the rest is left unread.
 * @throws {ClientGoneError} If the client hangs up.
 */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const declared = Number(request.headers["content-length"] ?? 0);
  if (declared > maxBytes) throw tooLarge(declared, maxBytes);
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const settle = (finish: () => void): void => {
      request.off("data", onData).off("end", onEnd).off("error", onGone).off("close", onGone);
      finish();
    };
    const onData = (chunk: Buffer): void => {
      bytes += chunk.length;
      chunks.push(chunk);
      if (bytes > maxBytes) settle(() => reject(tooLarge(bytes, maxBytes)));
    };
    const onEnd = (): void => settle(() => resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, bytes)));
    const onGone = (): void => settle(() => reject(new ClientGoneError("The client closed the connection.")));
    request.on("data", onData).on("end", onEnd).on("error", onGone).on("close", onGone);
  });
}

/** Line and column from 1, for a text of several lines. */
function place(text: string, position: number): { line?: number; column?: number } {
  const before = text.slice(0, position);
  const line = before.split("\n").length;
  return line === 1 ? {} : { line, column: position - before.lastIndexOf("\n") };
}

/**
 * Parses the JSON value in `bytes`, which error messages call `what`.
 *
 * @throws {RequestError} 400 `not-utf8`, or 400 `malformed-json` with position, line and column.
 */
export function parseJson(bytes: Uint8Array, what: string): unknown {
  if (!isUtf8(bytes)) {
    throw new RequestError(400, "not-utf8", `${what} is not UTF-8.`, "Encode the JSON text as UTF-8.");
  }
  const text = new TextDecoder().decode(bytes); // drops a byte order mark
  try {
    return JSON.parse(text);
  } catch {
    const position = jsonErrorPosition(text) ?? text.length;
    const { line, column } = place(text, position);
    const found = position < text.length ? JSON.stringify(text[position]) : "the end of the text";
    throw new RequestError(
      400,
      "malformed-json",
      `${what} is not JSON: ${found} at position ${position}${line === undefined ? "" : ` (line ${line}, column ${column})`}.`,
      "Send one JSON value in UTF-8; JSON has no NaN, no Infinity and no single quotes.",
      { position, line, column },
    );
  }
}

/** Reads what is left of a request and throws it away, so that its connection can be used again; hangs up after `maxBytes`. */
export function discardRest(request: IncomingMessage, maxBytes: number): void {
  if (request.complete) return;
  let bytes = 0;
  request.on("data", (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > maxBytes) request.destroy();
  });
  request.on("error", () => {});
  request.resume();
}
