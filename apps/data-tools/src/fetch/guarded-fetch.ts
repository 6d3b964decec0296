import { DataToolError } from "../files/data-tool-error.ts";
import { PassingError } from "./hub-error.ts";

export interface GuardedFetchOptions {
  /** The only address that gets the token. */
  endpoint: string;
  token: string | undefined;
  signal: AbortSignal;
  /** Milliseconds without a byte after which a connection counts as lost. */
  stallMs: number;
  fetch?: typeof fetch;
}

/** `fetch` for the Hub: the token goes to the endpoint alone, wherever redirects lead; what does not answer is given up. */
export function guardedFetch({
  endpoint,
  token,
  signal,
  stallMs,
  fetch: plain = fetch,
}: GuardedFetchOptions): typeof fetch {
  const own = new URL(endpoint);
  return async (input, init) => {
    let url = new URL(input instanceof Request ? input.url : input);
    const asked = new Headers(init?.headers);
    asked.delete("authorization");
    asked.set("user-agent", "videor1-data");
    for (let redirects = 0; ; redirects += 1) {
      const headers = new Headers(asked);
      if (token !== undefined && url.origin === own.origin) headers.set("authorization", `Bearer ${token}`);
      const abort = new AbortController();
      const timer = createTimer(stallMs, () => abort.abort(stalled(stallMs)));
      const either = AbortSignal.any([signal, abort.signal]);
      try {
        const response = await plain(url, { ...init, headers, redirect: "manual", signal: either });
        const location = response.headers.get("location");
        if (response.status < 300 || response.status >= 400 || location === null) return watched(response, timer);
        await response.body?.cancel();
        url = nextAddress(location, url, redirects);
        timer.stop();
      } catch (error) {
        timer.stop();
        signal.throwIfAborted();
        throw passing(error, abort.signal, url.host);
      }
    }
  };
}

function nextAddress(location: string, from: URL, redirects: number): URL {
  const hint = "If HF_ENDPOINT names a mirror, ask those who keep it.";
  if (redirects >= 10) throw new DataToolError("FETCH_REDIRECTS", `${from.host} redirects without end`, hint);
  const url = new URL(location, from);
  const isWeb = url.protocol === "https:" || (url.protocol === "http:" && from.protocol === "http:");
  if (!isWeb)
    throw new DataToolError("FETCH_REDIRECTS", `${from.host} redirects to ${url.protocol}//${url.host}`, hint);
  return url;
}

/** The response, whose timer begins anew with every piece of the body. */
function watched(response: Response, timer: Timer): Response {
  if (response.body === null) {
    timer.stop();
    return response;
  }
  const watch = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      timer.restart();
      controller.enqueue(chunk);
    },
    flush: () => timer.stop(),
  });
  const { status, statusText, headers } = response;
  const wrapped = new Response(response.body.pipeThrough(watch), { status, statusText, headers });
  Object.defineProperty(wrapped, "url", { value: response.url });
  return wrapped;
}

interface Timer {
  restart(): void;
  stop(): void;
}

function createTimer(milliseconds: number, onEnd: () => void): Timer {
  const timer = setTimeout(onEnd, milliseconds);
  return { restart: () => void timer.refresh(), stop: () => clearTimeout(timer) };
}

const stalled = (milliseconds: number) => new PassingError(`no byte for ${milliseconds / 1000} seconds`);

const networkCode = /^(UND_ERR_|ECONN|EHOST|ENET|EPIPE$|ETIMEDOUT$|EAI_|ENOTFOUND$)/;

/** An error of the connection, as one that may pass; others as they are. */
export function passing(error: unknown, abort: AbortSignal | undefined, host: string): unknown {
  if (abort?.aborted) return abort.reason;
  if (error instanceof PassingError || error instanceof DataToolError) return error;
  const isOfNetwork = networkCode.test(String((error as NodeJS.ErrnoException | undefined)?.code));
  if (!(error instanceof TypeError) && !isOfNetwork) return error; // as of a full disk
  const { cause } = error as Error;
  const reason =
    cause instanceof Error ? ((cause as NodeJS.ErrnoException).code ?? cause.message) : (error as Error).message;
  return new PassingError(`no connection to ${host} (${reason})`, { cause: error });
}
