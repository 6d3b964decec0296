import type { ChatRequest } from "./chat-request.ts";
import { type CallLimits, httpCall } from "./http-call.ts";
import { readReply, type ServedCompletion, type ServedReply } from "./read-reply.ts";
import { refusalOf } from "./refusal.ts";
import { backoffSeconds, retryRule } from "./retry-rule.ts";
import { ServedModelError, type ServedModelErrorCode } from "./served-model-error.ts";
import { type ServerUrl, serverUrl } from "./server-url.ts";
import { createServers, type Server } from "./servers.ts";
import { createSlots } from "./slots.ts";
import { realSurroundings, type Surroundings } from "./surroundings.ts";

export interface ServedModelOptions {
  /** Addresses of equal servers, e.g. `http://127.0.0.1:8000/v1`; an address without a path means `/v1`. */
  urls: readonly string[];
  /** The model of requests that name none. */
  model?: string;
  /** Sent as a bearer token. Never part of a message. */
  apiKey?: string | undefined;
  /** Requests in flight, of all servers together; further ones wait in order. Default 16. */
  concurrency?: number;
  /** Tries of one request, the first included. Default 6; failures that may be the request's own fault get 3 at most. */
  maxTries?: number;
  /** How long all servers may be down at once before requests fail. Default 120. */
  waitSeconds?: number;
  /**
   * Called with the address of a server before it is asked anything, at the start and when it was away and is back: it may have
   * lost what it was given. Where it rejects, the server stays away.
   */
  prepare?: (server: string) => Promise<void>;
  /** Ask for an event stream: a server that hangs is then noticed after `stallSeconds`, and no proxy sees an idle connection. Default false. */
  stream?: boolean;
  /** Seconds until a connection stands (default 10), of a whole request (900), and of silence in a reply that has begun (120). */
  connectSeconds?: number;
  timeoutSeconds?: number;
  stallSeconds?: number;
  /** Default 64 MiB and 256 MiB. */
  maxReplyBytes?: number;
  maxRequestBytes?: number;
}

/** The completion of a prompt, and who made it. */
export interface ServedAnswer extends ServedCompletion, Omit<ServedReply, "choices"> {}

/** A request, or what makes it once it is its turn: so that a thousand waiting requests hold no frames. */
export type RequestSource = ChatRequest | (() => ChatRequest | Promise<ChatRequest>);

export interface ServedModel {
  /**
   * The one completion of a request.
   * @throws {ServedModelError} If there is none after all tries; see its codes.
   * @throws {RangeError} If the request asks for several completions.
   * @throws the signal's reason once it is aborted.
   */
  complete(request: RequestSource, signal?: AbortSignal): Promise<ServedAnswer>;
  /**
   * All completions of a request, in the order of their index. Throws as `complete`.
   *
   * @param affinity - Requests of one affinity, such as those about one clip, go to one server where the load allows it.
   */
  completeAll(request: RequestSource, signal?: AbortSignal, affinity?: string): Promise<ServedReply>;
}

/**
 * Creates a client of one model on several servers: each request goes to the server with the fewest completions in flight. A
 * failed try is repeated where that can help (see `retryRule`), on another server if its own is in doubt; a dead server is
 * left out until its /health answers again.
 *
 * @throws {ServedModelError} OPTIONS, if an address cannot be used.
 */
export function createServedModel(
  options: ServedModelOptions,
  surroundings: Surroundings = realSurroundings,
): ServedModel {
  const { urls, model, apiKey, concurrency = 16, maxTries = 6, waitSeconds = 120, stream = false } = options;
  const { maxRequestBytes = 256 * 2 ** 20 } = options;
  const limits: CallLimits = {
    connectSeconds: options.connectSeconds ?? 10,
    timeoutSeconds: options.timeoutSeconds ?? 900,
    stallSeconds: options.stallSeconds ?? 120,
    maxReplyBytes: options.maxReplyBytes ?? 64 * 2 ** 20,
  };
  checkOptions({ concurrency, maxTries, urls: urls.length });
  const headers = {
    "content-type": "application/json",
    ...(apiKey !== undefined && { authorization: `Bearer ${apiKey}` }),
  };
  const slots = createSlots(concurrency);
  const servers = createServers(
    urls.map(serverUrl),
    isHealthy,
    waitSeconds,
    surroundings,
    options.prepare === undefined,
  );
  const { random, sleep } = surroundings;

  async function isHealthy({ base, root }: ServerUrl): Promise<boolean> {
    const quick = { ...limits, timeoutSeconds: Math.min(10, limits.timeoutSeconds) };
    try {
      if ((await httpCall({ server: base, url: `${root}/health`, headers, limits: quick })).status >= 500) return false;
    } catch {
      return false;
    }
    await options.prepare?.(base);
    return true;
  }

  async function ask({ base }: Server, body: Buffer, count: number, signal?: AbortSignal): Promise<ServedReply> {
    const reply = await httpCall({ server: base, url: `${base}/chat/completions`, headers, body, limits, signal });
    if (reply.status === 200) return readReply(reply, base, count, apiKey);
    throw refusalOf(reply, base, apiKey);
  }

  async function withTries(
    body: Buffer,
    count: number,
    signal: AbortSignal | undefined,
    affinity: string | undefined,
  ): Promise<ServedReply> {
    const failuresBy = new Map<ServedModelErrorCode, number>();
    for (let failures = 1; ; failures++) {
      const server = await servers.take(count, signal, affinity);
      try {
        return await ask(server, body, count, signal);
      } catch (error) {
        if (!(error instanceof ServedModelError)) throw error;
        const rule = retryRule(error, maxTries);
        if (rule.isServerInDoubt) servers.doubt(server, error);
        const alike = (failuresBy.get(error.code) ?? 0) + 1;
        failuresBy.set(error.code, alike);
        if (alike >= rule.maxTries || failures >= maxTries) throw error;
        const seconds = error.retryAfter ?? backoffSeconds(failures, random);
        if (error.code === "RATE_LIMITED") servers.pause(server, seconds);
        else await sleep(seconds, signal);
      } finally {
        servers.release(server, count);
      }
    }
  }

  async function completeAll(source: RequestSource, signal?: AbortSignal, affinity?: string): Promise<ServedReply> {
    await slots.take(signal);
    try {
      const request = await made(source);
      const streamed = stream && { stream: true, stream_options: { include_usage: true } };
      const body = Buffer.from(JSON.stringify({ ...(model !== undefined && { model }), ...request, ...streamed }));
      if (body.length > maxRequestBytes) throw tooLarge(body.length, maxRequestBytes);
      return await withTries(body, request.n ?? 1, signal, affinity);
    } finally {
      slots.release();
    }
  }

  return {
    completeAll,
    async complete(source, signal) {
      const { choices, ...rest } = await completeAll(async () => {
        const request = await made(source);
        if ((request.n ?? 1) === 1) return request;
        throw new RangeError(`complete: the request asks for ${request.n} completions, use completeAll`);
      }, signal);
      return { ...choices[0]!, ...rest };
    },
  };
}

const made = async (source: RequestSource): Promise<ChatRequest> =>
  typeof source === "function" ? await source() : source;

function checkOptions(counts: { concurrency: number; maxTries: number; urls: number }): void {
  for (const [name, count] of Object.entries(counts)) {
    if (Number.isInteger(count) && count >= 1) continue;
    const problem = `createServedModel: ${name} must be a whole number of at least 1, not ${count}`;
    throw new ServedModelError("OPTIONS", { problem, hint: "Give at least one address, one request and one try." });
  }
}

function tooLarge(bytes: number, limit: number): ServedModelError {
  return new ServedModelError("REQUEST_IMPOSSIBLE", {
    problem: `The request has ${bytes} bytes; maxRequestBytes allows ${limit}`,
    hint: "Send fewer or smaller frames, or format=jpeg, or raise maxRequestBytes.",
  });
}
