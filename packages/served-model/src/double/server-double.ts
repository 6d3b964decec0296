import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { ChatRequest } from "../chat-request.ts";
import type { ChatPart } from "../media-parts.ts";
import { behave } from "./behave.ts";
import { type DoubleEngine, doubleEngine, type EngineOptions, engineDead } from "./engine.ts";
import { drawOf, type Misbehaviour } from "./misbehaviour.ts";
import { promptIds } from "./prompt-ids.ts";
import type { DoubleChoice } from "./reply.ts";
import { sendError } from "./send-error.ts";

export interface ServerDoubleOptions extends EngineOptions {
  /** Default "double". */
  model?: string;
  /** What the model says to a prompt; must depend on its arguments alone. Default: a text with a hash of the messages. */
  answer?: (request: ChatRequest, index: number) => string;
  /** A model in the place of `answer`: tokens and log-probabilities of all completions, and the prompt's tokens. */
  complete?: (
    request: ChatRequest,
    engine: DoubleEngine,
  ) => Promise<{ ids: readonly number[]; choices: DoubleChoice[] }>;
  /** The first tries of so many of the prompts (a share) fail, at most `times` each, in ways chosen by the seed. Default: none. */
  misbehave?: { kinds: readonly Misbehaviour[]; share: number; times: number; seed?: number };
  /** Wanted as a bearer token. */
  apiKey?: string;
  /** false: refuses `mm_processor_kwargs` and `media_io_kwargs`, as vLLM without --trust-request-mm-kwargs. Default true. */
  trustsKwargs?: boolean;
  /** Frames that it keeps of a clip. Default: all. */
  maxFrames?: number;
  /** Milliseconds before an answer. Default 0. */
  delay?: number;
  /** Sees each chat request before it meets its fate. */
  onRequest?: (request: ChatRequest) => void;
  /** Default: a free one. */
  port?: number;
}

/** A chat server on the loopback for tests: it answers by a pure function, misbehaves as it is told to, and counts. */
export interface ServerDouble {
  /** As createServedModel takes it. */
  url: string;
  /** What each request to /v1/chat/completions met: "answered", a misbehaviour, or "refused". */
  counts: Readonly<Record<string, number>>;
  /** Calls that changed it: `POST /v1/load_lora_adapter policy-v1` and the like. */
  calls: readonly string[];
  engine: DoubleEngine;
  /** Requests that are being answered; the highest number at one time. */
  inFlight: { now: number; most: number };
  /** Ends every connection and listens no more. */
  stop(): Promise<void>;
}

/** The text parts of a request, joined by line breaks. */
export function textOf({ messages }: ChatRequest): string {
  const parts = messages.flatMap(({ content }): ChatPart[] =>
    typeof content === "string" ? [{ type: "text", text: content }] : content,
  );
  return parts.flatMap((part) => (part.type === "text" ? [part.text] : [])).join("\n");
}

const promptId = ({ messages }: ChatRequest): string =>
  createHash("sha256").update(JSON.stringify(messages)).digest("hex");

/** Starts a {@link ServerDouble}. */
export async function startServerDouble(options: ServerDoubleOptions = {}): Promise<ServerDouble> {
  const {
    model = "double",
    misbehave,
    apiKey,
    trustsKwargs = true,
    maxFrames = Infinity,
    delay = 0,
    onRequest,
    port = 0,
  } = options;
  const { answer = (request, index) => `Answer ${index} to ${promptId(request).slice(0, 12)}.` } = options;
  const counts: Record<string, number> = {};
  const inFlight = { now: 0, most: 0 };
  const tries = new Map<string, number>();
  const calls: string[] = [];
  let answering = 0;
  const { engine, control, admit } = doubleEngine(options, () => answering);

  function fateOf(request: ChatRequest): Misbehaviour | undefined {
    const id = promptId(request);
    const before = tries.get(id) ?? 0;
    tries.set(id, before + 1);
    const { kinds = [], share = 0, times = 0, seed = 0 } = misbehave ?? {};
    if (before >= times || drawOf(seed, id, before) >= share) return undefined;
    return kinds[Math.floor(drawOf(seed, id, before, "kind") * kinds.length)];
  }

  async function chat(request: ChatRequest, response: ServerResponse): Promise<void> {
    onRequest?.(request);
    const untrusted = ["mm_processor_kwargs", "media_io_kwargs"].find((field) => request[field] !== undefined);
    const refusal =
      request.model !== model && !engine.adapters.has(request.model ?? "")
        ? { status: 404, message: `The model \`${request.model}\` does not exist.`, param: "model" }
        : untrusted !== undefined && !trustsKwargs
          ? { status: 400, message: untrustedMessage(untrusted), param: untrusted }
          : undefined;
    const fate = refusal ? undefined : fateOf(request);
    const met = refusal ? "refused" : (fate ?? "answered");
    counts[met] = (counts[met] ?? 0) + 1;
    if (refusal) {
      sendError(response, refusal.status, refusal.message, refusal.param);
      return;
    }
    await admit(request.model!);
    if (engine.isDead) return send(response, engineDead);
    answering += 1;
    try {
      const { ids, choices } = await completed(request);
      if (delay > 0 && fate === undefined) await new Promise((resolve) => setTimeout(resolve, delay));
      if (engine.isDead) return send(response, engineDead);
      behave(fate, { request, choices, ids: request.return_token_ids === true ? ids : undefined }, response);
    } finally {
      answering -= 1;
    }
  }

  async function completed(
    request: ChatRequest,
  ): Promise<{ ids: readonly number[]; choices: readonly DoubleChoice[] }> {
    if (options.complete) return await options.complete(request, engine);
    const texts = [...Array(request.n ?? 1).keys()].map((index) => answer(request, index));
    return { ids: promptIds(request, maxFrames), choices: texts.map((text, index) => ({ index, text })) };
  }

  async function route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(request.url ?? "/", "http://double");
    const { method = "GET" } = request;
    if (apiKey !== undefined && request.headers.authorization !== `Bearer ${apiKey}`) {
      sendError(response, 401, "Unauthorized", null);
    } else if (pathname === "/health") {
      response.writeHead(engine.isDead ? 503 : 200).end();
    } else if (pathname === "/v1/models") {
      const data = [
        { id: model, object: "model", max_model_len: 4096, root: model },
        ...[...engine.adapters].map(([id, root]) => ({ id, object: "model", root, parent: model })),
      ];
      response.setHeader("content-type", "application/json").end(JSON.stringify({ object: "list", data }));
    } else if (method === "POST" && pathname === "/tokenize") {
      const asked = { ...JSON.parse(await bodyOf(request)), max_completion_tokens: 1 };
      const tokens = options.complete ? (await options.complete(asked, engine)).ids : promptIds(asked, maxFrames);
      response.setHeader("content-type", "application/json").end(JSON.stringify({ count: tokens.length, tokens }));
    } else if (method === "POST" && pathname === "/v1/chat/completions") {
      const body = await bodyOf(request);
      inFlight.now += 1;
      inFlight.most = Math.max(inFlight.most, inFlight.now);
      response.once("close", () => {
        inFlight.now -= 1;
      });
      await chat(JSON.parse(body), response);
    } else {
      const body = async () => {
        const given = JSON.parse((await bodyOf(request)) || "{}");
        if (method === "POST") calls.push([`${method} ${pathname}`, given.lora_name].filter(Boolean).join(" "));
        return given;
      };
      const reply = await control(method, pathname, body);
      if (reply) send(response, reply);
      else sendError(response, 404, "Not Found", null);
    }
  }

  const server = createServer((request, response) => {
    route(request, response).catch((error) => {
      if (!response.headersSent) sendError(response, 500, String(error), null);
      else response.destroy();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    counts,
    calls,
    engine,
    inFlight,
    async stop() {
      const ended = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await ended;
    },
  };
}

function send(response: ServerResponse, { status, body }: { status: number; body: unknown }): void {
  const isText = typeof body === "string";
  response.writeHead(status, { "content-type": isText ? "text/plain" : "application/json" });
  response.end(isText ? body : JSON.stringify(body));
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

const untrustedMessage = (field: string): string =>
  `Per-request ${field} are disabled by default because they can change multimodal ` +
  `${field === "media_io_kwargs" ? "media loading" : "preprocessing"} resource usage. Start the server with ` +
  `--trust-request-mm-kwargs only when clients are trusted. (parameter=${field})`;
