import { once } from "node:events";
import { connect, type Socket } from "node:net";

export interface Answer {
  status: number;
  headers: Headers;
  body: unknown;
}

/** Sends `body`, JSON unless it is text or bytes already. */
export async function post(
  url: string,
  body: unknown,
  headers: Readonly<Record<string, string>> = { "content-type": "application/json" },
): Promise<Answer> {
  const isRaw = typeof body === "string" || body instanceof Uint8Array;
  const response = await fetch(url, {
    method: "POST",
    body: isRaw ? (body as NonNullable<RequestInit["body"]>) : JSON.stringify(body),
    headers,
  });
  return { status: response.status, headers: response.headers, body: await response.json() };
}

/** An item whose answer nobody else gives: its accuracy and answer tell whether a result is this item's. */
export function item(id: string | number, isRight = true): Record<string, unknown> {
  return {
    id,
    completion: `<think>Item ${id}.</think><answer>${id}</answer>`,
    solution: `<answer>${id}${isRight ? "" : "!"}</answer>`,
    problemType: "multiple choice",
  };
}

/** Opens a connection to write bytes to, and collects all that comes back until the server closes it. */
export async function rawConnection(url: string): Promise<{ socket: Socket; received: Promise<string> }> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  let text = "";
  socket.on("data", (chunk) => {
    text += chunk.toString();
  });
  socket.on("error", () => {});
  const received = new Promise<string>((resolve) => socket.once("close", () => resolve(text)));
  await once(socket, "connect");
  return { socket, received };
}

/** Waits until `holds`; the limit is a guard against waiting for ever. */
export async function eventually(holds: () => boolean | Promise<boolean>, seconds = 240): Promise<void> {
  for (const end = Date.now() + seconds * 1000; Date.now() < end; ) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`still not so after ${seconds} s: ${holds}`);
}
