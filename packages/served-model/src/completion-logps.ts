import { z } from "zod";
import type { ChatRequest } from "./chat-request.ts";
import { httpCall } from "./http-call.ts";
import { refusalOf } from "./refusal.ts";
import { ServedModelError } from "./served-model-error.ts";
import { serverUrl } from "./server-url.ts";

export interface CompletionLogpsOptions {
  /** The server's address. */
  url: string;
  apiKey?: string | undefined;
  /** Of each call. Default 900. */
  timeoutSeconds?: number;
  signal?: AbortSignal | undefined;
}

/** What vLLM says for NaN. */
const notANumber = -9999;

const hint = "Start vLLM with --enable-scale-out.";
const Rendered = z.looseObject({ token_ids: z.array(z.int()) });
const Generated = z.looseObject({
  prompt_logprobs: z.array(z.record(z.string(), z.looseObject({ logprob: z.number() })).nullable()),
});

/**
 * Log-probabilities that a model gives completions of a prompt, token ids and all: of the full softmax at temperature 1, in nats.
 *
 * The prompt is rendered once; each completion is then read behind it, as a prompt whose tokens are scored, and one token too many
 * is sampled and thrown away. The rendered media go to the server again with each completion, and no prefix is taken from its cache.
 *
 * @param request - Of the prompt, as a chat request; its `model` is the one that scores.
 * @param completions - Token ids, the end token included.
 * @returns For each completion, [C].
 * @throws {ServedModelError} SERVER_SETUP, if the server does not score token ids; REPLY_BROKEN, if it scored others; UNREACHABLE
 * and others, if it does not answer.
 * @see vllm-project/vllm v0.32.0 entrypoints/scale_out/token_in_token_out/protocol.py
 */
export async function completionLogps(
  options: CompletionLogpsOptions,
  request: ChatRequest,
  completions: readonly ArrayLike<number>[],
): Promise<Float32Array[]> {
  const call = caller(options);
  const { n: _, ...prompt } = request;
  const rendered = await call("v1/chat/completions/render", { ...prompt, max_completion_tokens: 1 }, Rendered);
  const begin = rendered.token_ids.length;
  const logps: Float32Array[] = [];
  for (const completion of completions) {
    const token_ids = [...rendered.token_ids, ...Array.from(completion)];
    const sampling_params = { max_tokens: 1, temperature: 1, prompt_logprobs: 0 };
    const reply = await call(generatePath, { ...rendered, token_ids, sampling_params }, Generated);
    logps.push(
      Float32Array.from(completion, (id, t) => {
        const logprob = reply.prompt_logprobs[begin + t]?.[id]?.logprob;
        if (logprob === undefined || logprob <= notANumber)
          throw broken(options.url, `no log-probability of token ${id}, the completion's ${t}`);
        return logprob;
      }),
    );
  }
  return logps;
}

/** @throws {ServedModelError} SERVER_SETUP, if a server does not score completions by their token ids. */
export async function checkCompletionLogps(options: CompletionLogpsOptions): Promise<void> {
  const { status, text } = await post(options, generatePath, {});
  const isOff = status === 403 || status === 404;
  if (!isOff && status < 500) return; // it reads the request, and finds no tokens in it
  const { base } = serverUrl(options.url);
  if (isOff) throw notScoring(base, status);
  throw refusalOf({ status, headers: {}, text }, base, options.apiKey);
}

const generatePath = "inference/v1/generate";

/** Calls of one server, by their paths. */
function caller(options: CompletionLogpsOptions) {
  const { base } = serverUrl(options.url);
  return async <T>(path: string, body: object, schema: z.ZodType<T>): Promise<T> => {
    const reply = await post(options, path, body);
    if (reply.status === 403) throw notScoring(base, reply.status);
    if (reply.status !== 200) throw refusalOf(reply, base, options.apiKey);
    const { data } = schema.safeParse(parse(reply.text));
    if (data === undefined) throw broken(base, `the reply of ${path} is not what vLLM says`);
    return data;
  };
}

async function post({ url, apiKey, timeoutSeconds = 900, signal }: CompletionLogpsOptions, path: string, body: object) {
  const { base, root } = serverUrl(url);
  return await httpCall({
    server: base,
    url: `${root}/${path}`,
    headers: {
      "content-type": "application/json",
      ...(apiKey !== undefined && { authorization: `Bearer ${apiKey}` }),
    },
    body: Buffer.from(JSON.stringify(body)),
    limits: { connectSeconds: 10, timeoutSeconds, stallSeconds: timeoutSeconds, maxReplyBytes: 2 ** 28 },
    signal,
  });
}

const notScoring = (server: string, status: number) =>
  new ServedModelError("SERVER_SETUP", { server, status, problem: "the server scores no token ids", hint });

const broken = (url: string, problem: string) =>
  new ServedModelError("REPLY_BROKEN", { server: serverUrl(url).base, problem, hint: "Use vLLM 0.32 or later." });

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
