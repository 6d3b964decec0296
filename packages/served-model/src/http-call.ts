import { type IncomingHttpHeaders, type IncomingMessage, request as overHttp } from "node:http";
import { request as overHttps } from "node:https";
import { ServedModelError } from "./served-model-error.ts";

/** Bounds of one call, in seconds and bytes. */
export interface CallLimits {
  /** Until the connection stands. */
  connectSeconds: number;
  /** The whole call. */
  timeoutSeconds: number;
  /** Without a byte, once the reply has begun. */
  stallSeconds: number;
  maxReplyBytes: number;
}

export interface HttpCall {
  /** The server, for errors. */
  server: string;
  url: string;
  headers?: Readonly<Record<string, string>>;
  /** With it the method is POST, else GET. */
  body?: Buffer;
  limits: CallLimits;
  signal?: AbortSignal | undefined;
}

export interface HttpReply {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
}

const hints = {
  UNREACHABLE: "Is the server up, and reachable from here?",
  TIMED_OUT: "If the server is overloaded (its own log says so), lower concurrency; else raise the limit of seconds.",
  REPLY_BROKEN: "A proxy between may cut replies; the server's own log says what it sent.",
};

/**
 * One HTTP call over a connection of its own, so that none is found closed by the server; redirects are not followed.
 *
 * @throws {ServedModelError} UNREACHABLE, TIMED_OUT, or REPLY_BROKEN if the reply ends early or is too large.
 * @throws the signal's reason once it is aborted.
 */
export async function httpCall({ server, url, headers = {}, body, limits, signal }: HttpCall): Promise<HttpReply> {
  signal?.throwIfAborted();
  const { connectSeconds, timeoutSeconds, stallSeconds, maxReplyBytes } = limits;
  return await new Promise<HttpReply>((resolve, reject) => {
    const send = url.startsWith("https:") ? overHttps : overHttp;
    const length = body === undefined ? {} : { "content-length": `${body.length}` };
    const call = send(url, { method: body ? "POST" : "GET", headers: { ...headers, ...length }, agent: false });
    let timer = guard(connectSeconds, () => `no connection within ${connectSeconds} s`);
    const whole = guard(timeoutSeconds, () => `no whole reply within ${timeoutSeconds} s`);
    signal?.addEventListener("abort", onAbort);

    call.on("socket", (socket) => {
      socket.once(url.startsWith("https:") ? "secureConnect" : "connect", () => clearTimeout(timer));
    });
    call.on("error", (cause) => {
      const problem = `the connection failed (${(cause as NodeJS.ErrnoException).code ?? cause.message})`;
      fail("UNREACHABLE", problem, cause);
    });
    call.on("response", read);
    call.end(body);

    function read(response: IncomingMessage): void {
      const chunks: Buffer[] = [];
      let bytes = 0;
      const restart = () => {
        clearTimeout(timer);
        timer = guard(stallSeconds, () => `the reply stopped for ${stallSeconds} s after ${bytes} bytes`);
      };
      restart();
      response.on("data", (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > maxReplyBytes) return fail("REPLY_BROKEN", `the reply is larger than ${maxReplyBytes} bytes`);
        chunks.push(chunk);
        restart();
      });
      response.on("error", (cause) => fail("REPLY_BROKEN", `the reply was cut short after ${bytes} bytes`, cause));
      response.on("close", () => {
        if (!response.complete) return fail("REPLY_BROKEN", `the reply was cut short after ${bytes} bytes`);
        end();
        const { statusCode = 0, headers } = response;
        resolve({ status: statusCode, headers, text: Buffer.concat(chunks).toString("utf8") });
      });
    }
    function guard(seconds: number, problem: () => string): NodeJS.Timeout {
      return setTimeout(() => fail("TIMED_OUT", problem()), seconds * 1000);
    }
    function fail(code: keyof typeof hints, problem: string, cause?: unknown): void {
      end();
      reject(new ServedModelError(code, { server, problem, hint: hints[code], cause }));
      call.destroy();
    }
    function onAbort(): void {
      end();
      reject(signal!.reason);
      call.destroy();
    }
    function end(): void {
      clearTimeout(timer);
      clearTimeout(whole);
      signal?.removeEventListener("abort", onAbort);
    }
  });
}
