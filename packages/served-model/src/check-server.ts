import type { Clip } from "@videor1/processor-qwen25vl";
import { z } from "zod";
import { type ChatRequest, chatRequest } from "./chat-request.ts";
import { isSglang } from "./check-dialect.ts";
import { excerpt } from "./excerpt.ts";
import { httpCall } from "./http-call.ts";
import { refusalOf } from "./refusal.ts";
import type { Dialect } from "./sampling.ts";
import { createServedModel, type ServedAnswer } from "./served-model.ts";
import { ServedModelError } from "./served-model-error.ts";
import { type ServerUrl, serverUrl } from "./server-url.ts";

export interface CheckServerOptions {
  url: string;
  /** The model, or adapter, that will be asked. */
  model: string;
  apiKey?: string | undefined;
  /** As `chatRequest` will be told; the server is asked for one token about such a clip. */
  dialect?: Dialect;
  videoAs?: "video" | "frames" | undefined;
  /** A request and the prompt that our own processor makes of it, which the server's must equal; vLLM only. */
  prompt?: { request: ChatRequest; ids: ArrayLike<number> };
  /** Default 120. */
  timeoutSeconds?: number;
}

/** What a server says of itself. */
export interface ServerFacts {
  /** Its address. */
  server: string;
  model: string;
  /** The folder or name that the server loaded it from, if it says. */
  root?: string;
  /** Tokens of prompt and completion together, if it says. */
  maxModelLen?: number;
}

const ModelList = z.looseObject({
  data: z.array(
    z.looseObject({
      id: z.string(),
      root: z.string().nullish(),
      max_model_len: z.int().nullish(),
      owned_by: z.string().nullish(),
    }),
  ),
});

/**
 * Whether a server is set up for what it will be asked, before a run begins: it knows the model, takes clips in the form that
 * `chatRequest` gives them, drops none of their frames, and makes the prompt that is expected.
 *
 * @throws {ServedModelError} SERVER_SETUP, with what to start the server with; UNREACHABLE, TIMED_OUT or REQUEST_REFUSED.
 */
export async function checkServer(options: CheckServerOptions): Promise<ServerFacts> {
  const { model, dialect = "vllm", videoAs = dialect === "vllm" ? "video" : "frames", prompt } = options;
  const url = serverUrl(options.url);
  const found = await findModel(url, options);
  const probe = (frames: number) => askAboutClip(options, { dialect, videoAs }, frames);
  const few = await probe(2);
  if (dialect === "vllm" && videoAs === "video") checkFrames(url, await probe(manyFrames), few);
  if (prompt) await checkPrompt(url, options, prompt);
  const { root, max_model_len } = found;
  return { server: url.base, model, ...(root && { root }), ...(max_model_len && { maxModelLen: max_model_len }) };
}

const setup = ({ base }: ServerUrl, problem: string, hint: string, said?: string) =>
  new ServedModelError("SERVER_SETUP", { server: base, problem, hint, said });

async function get(
  url: ServerUrl,
  address: string,
  { apiKey, timeoutSeconds = 120 }: CheckServerOptions,
  body?: object,
) {
  return await httpCall({
    server: url.base,
    url: address,
    headers: { "content-type": "application/json", ...(apiKey !== undefined && { authorization: `Bearer ${apiKey}` }) },
    ...(body && { body: Buffer.from(JSON.stringify(body)) }),
    limits: { connectSeconds: 10, timeoutSeconds, stallSeconds: timeoutSeconds, maxReplyBytes: 64 * 2 ** 20 },
  });
}

async function findModel(url: ServerUrl, options: CheckServerOptions) {
  const reply = await get(url, `${url.base}/models`, options);
  if (reply.status === 401 || reply.status === 403 || reply.status >= 500)
    throw refusalOf(reply, url.base, options.apiKey);
  const models = ModelList.safeParse(jsonOf(reply.text)).data?.data;
  if (reply.status !== 200 || models === undefined) {
    const hint = "Give the address below which /chat/completions is, e.g. http://127.0.0.1:8000/v1.";
    throw setup(
      url,
      `GET /models gives no list of models (${reply.status})`,
      hint,
      excerpt(reply.text, options.apiKey),
    );
  }
  const { dialect = "vllm" } = options;
  if (dialect === "vllm" && models.some(({ owned_by }) => owned_by === "sglang")) throw isSglang(url.base);
  const found = models.find(({ id }) => id === options.model);
  if (found) return found;
  const names = models.slice(0, 8).map(({ id }) => id);
  const rest = models.length > names.length ? `, and ${models.length - names.length} others` : "";
  const known = names.length > 0 ? `it has ${names.join(", ")}${rest}` : "it has none";
  throw setup(
    url,
    `the server has no model ${JSON.stringify(options.model)}; ${known}`,
    "Name one of these, or load yours.",
  );
}

/** vLLM keeps 32 frames of a clip unless the request's fields lift the limit. */
const manyFrames = 36;

async function askAboutClip(
  { url, model, apiKey, timeoutSeconds = 120 }: CheckServerOptions,
  form: { dialect: Dialect; videoAs: "video" | "frames" },
  frames: number,
): Promise<ServedAnswer> {
  const [height, width] = [56, 56];
  const rgb = new Uint8Array(frames * height * width * 3).fill(128);
  const clip: Clip = { kind: "video", rgb, frames, height, width, fps: 2, resized: true };
  const content = [{ type: "video" as const }, { type: "text" as const, text: "What is this?" }];
  const messages = [{ role: "user", content }];
  const request = await chatRequest({ model, messages, clips: [clip], sampling: { maxCompletionLength: 1 }, ...form });
  const client = createServedModel({ urls: [url], apiKey, timeoutSeconds, maxTries: 2, waitSeconds: 0 });
  try {
    return await client.complete(request);
  } catch (error) {
    const isRefused = error instanceof ServedModelError && error.code === "REQUEST_REFUSED" && error.status === 400;
    if (!isRefused) throw error;
    throw clipsRefused(serverUrl(url), error.said ?? "", form.videoAs);
  }
}

function clipsRefused(url: ServerUrl, said: string, videoAs: "video" | "frames"): ServedModelError {
  if (said.includes("trust-request-mm-kwargs")) {
    const problem = "vLLM takes no settings of frames from requests, so it would sample and resize them itself";
    return setup(url, problem, "Start it with --trust-request-mm-kwargs.");
  }
  const hint =
    videoAs === "video"
      ? `Start vLLM with --limit-mm-per-prompt '{"video":2,"image":16}', or send videoAs=frames to a server without videos.`
      : "Is it a model that takes images? vLLM limits their number by --limit-mm-per-prompt.";
  return setup(url, `the server refuses a clip (videoAs=${videoAs})`, hint, said);
}

/** Qwen2.5-VL makes one token of 2 frames of 28 x 28 pixels: 4 of 2 frames of 56 x 56. */
function checkFrames(
  url: ServerUrl,
  { promptTokenIds: many }: ServedAnswer,
  { promptTokenIds: few }: ServedAnswer,
): void {
  if (many === undefined || few === undefined) {
    const hint = 'Use vLLM 0.10.2 or later, or say what the server is: dialect=openai, videoAs="frames".';
    throw setup(url, "the server does not return token ids, so it is no vLLM of today", hint);
  }
  const expected = ((manyFrames - 2) / 2) * 4;
  const difference = many.length - few.length;
  if (difference === expected) return;
  const problem = `${manyFrames} frames make ${difference} tokens more than 2, not ${expected}: the server drops or resizes frames`;
  throw setup(url, problem, "Use vLLM 0.32 or later with a Qwen2.5-VL; other models take videoAs=frames.");
}

async function checkPrompt(
  url: ServerUrl,
  options: CheckServerOptions,
  { request, ids }: NonNullable<CheckServerOptions["prompt"]>,
): Promise<void> {
  const { messages, mm_processor_kwargs, media_io_kwargs } = request;
  const body = { model: options.model, messages, mm_processor_kwargs, media_io_kwargs };
  const reply = await get(url, `${url.root}/tokenize`, options, body);
  if (reply.status !== 200) throw refusalOf(reply, url.base, options.apiKey);
  const tokens = z.looseObject({ tokens: z.array(z.int()) }).safeParse(jsonOf(reply.text)).data?.tokens ?? [];
  const place = Array.from(ids).findIndex((id, i) => tokens[i] !== id);
  if (place < 0 && tokens.length === ids.length) return;
  const at = place < 0 ? ids.length : place;
  const problem =
    `the server makes another prompt than our processor: ${tokens.length} tokens, not ${ids.length}; ` +
    `at ${at} it has ${tokens[at] ?? "none"}, not ${ids[at] ?? "none"}`;
  throw setup(url, problem, "Serve the folder whose tokenizer and chat template are used here.");
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
