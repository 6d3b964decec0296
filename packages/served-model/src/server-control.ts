import { z } from "zod";
import { type HttpReply, httpCall } from "./http-call.ts";
import { refusalOf } from "./refusal.ts";
import { ServedModelError } from "./served-model-error.ts";
import { serverUrl } from "./server-url.ts";

export interface ServerControlOptions {
  apiKey?: string | undefined;
  /** Of each call. Default 600. */
  timeoutSeconds?: number;
}

/**
 * What vLLM lets change while it runs. Adapters want VLLM_ALLOW_RUNTIME_LORA_UPDATING=1 and --enable-lora, the weights and
 * pauses VLLM_SERVER_DEV_MODE=1 in the server's environment.
 */
export interface ServerControl {
  /** Its address. */
  readonly server: string;
  /** The models that it answers for, adapters among them; `root` is the folder of an adapter or model. */
  models(): Promise<{ id: string; root?: string }[]>;
  /**
   * Loads the adapter of a folder under a name that it does not have yet.
   * @throws {ServedModelError} SERVER_SETUP, if the server loads none: it is not set up for it, or the folder or rank is wrong.
   */
  loadAdapter(name: string, folder: string): Promise<void>;
  /** @returns Whether there was such an adapter. Requests that are being answered by it end normally. */
  unloadAdapter(name: string): Promise<boolean>;
  /** Waits until all running requests are answered, holds new ones, and clears the caches. */
  pause(): Promise<void>;
  resume(): Promise<void>;
  isPaused(): Promise<boolean>;
  /** Reads all weights from a folder that is whole: the engine dies of a missing one. Only while paused: else it dies as well. */
  reloadWeights(folder: string): Promise<void>;
  /** The label of the weights, `default` after a start. */
  weightVersion(): Promise<string>;
  setWeightVersion(label: string): Promise<void>;
}

const hints = {
  lora: "Start vLLM with VLLM_ALLOW_RUNTIME_LORA_UPDATING=1, --enable-lora, and --max-lora-rank of the adapter's rank or more.",
  weights: "Start vLLM with VLLM_SERVER_DEV_MODE=1.",
};

/** The calls of one server. @throws {ServedModelError} OPTIONS, if the address cannot be used. */
export function serverControl(address: string, options: ServerControlOptions = {}): ServerControl {
  const { apiKey, timeoutSeconds = 600 } = options;
  const { base, root } = serverUrl(address);
  const limits = { connectSeconds: 10, timeoutSeconds, stallSeconds: timeoutSeconds, maxReplyBytes: 2 ** 24 };
  const headers = {
    "content-type": "application/json",
    ...(apiKey !== undefined && { authorization: `Bearer ${apiKey}` }),
  };
  const call = (url: string, body?: object) =>
    httpCall({
      server: base,
      url,
      headers,
      limits,
      ...(body && { body: Buffer.from(JSON.stringify(body)) }),
    });

  /** The text of a reply of 200. A route that is not there is a matter of the server's start. */
  async function ask(url: string, body: object | undefined, hint: string): Promise<string> {
    const reply = await call(url, body);
    if (reply.status === 200) return reply.text;
    throw setupError(reply, `the server refuses ${new URL(url).pathname}`, hint);
  }

  /** What passes with time, or wants a key, as it is; another refusal is a matter of the server's start. */
  function setupError(reply: HttpReply, what: string, hint: string): ServedModelError {
    const error = refusalOf(reply, base, apiKey);
    if (error.code !== "REQUEST_REFUSED") return error;
    const { status } = reply;
    const isKey = status === 401 || status === 403;
    const details = { server: base, status, problem: `${what} (${status})`, said: error.said };
    return new ServedModelError("SERVER_SETUP", { ...details, hint: isKey ? error.hint : hint });
  }

  async function read<T>(schema: z.ZodType<T>, url: string, body: object | undefined, hint: string): Promise<T> {
    const text = await ask(url, body, hint);
    const data = schema.safeParse(parse(text)).data;
    if (data !== undefined) return data;
    const problem = `the reply of ${new URL(url).pathname} is not what vLLM says`;
    throw new ServedModelError("SERVER_SETUP", { server: base, problem, said: text.slice(0, 300), hint });
  }

  return {
    server: base,
    async models() {
      const { data } = await read(ModelList, `${base}/models`, undefined, "Is it the address of a vLLM?");
      return data.map(({ id, root }) => ({ id, ...(root && { root }) }));
    },
    async loadAdapter(name, folder) {
      const reply = await call(`${base}/load_lora_adapter`, { lora_name: name, lora_path: folder });
      if (reply.status === 200 || (reply.status === 400 && reply.text.includes("already been loaded"))) return;
      const isRoute = reply.status === 404 && !reply.text.includes(name);
      const isRank = /rank/i.test(reply.text);
      const hint = isRoute || isRank ? hints.lora : "Does the server see that folder under that path?";
      const refused = isRank ? { ...reply, status: 400 } : reply; // vLLM says 500 of a rank that is too large
      throw setupError(refused, `the server loads no adapter from ${folder}`, hint);
    },
    async unloadAdapter(name) {
      const reply = await call(`${base}/unload_lora_adapter`, { lora_name: name });
      if (reply.status === 200) return true;
      if (reply.status === 404 && reply.text.includes(name)) return false;
      throw setupError(reply, `the server does not unload ${name}`, hints.lora);
    },
    async pause() {
      await ask(`${root}/pause?mode=wait`, {}, hints.weights);
    },
    async resume() {
      await ask(`${root}/resume`, {}, hints.weights);
    },
    async isPaused() {
      const schema = z.looseObject({ is_paused: z.boolean() });
      return (await read(schema, `${root}/is_paused`, undefined, hints.weights)).is_paused;
    },
    async reloadWeights(folder) {
      const kwargs = { weights_path: folder };
      await ask(`${root}/collective_rpc`, { method: "reload_weights", kwargs, timeout: timeoutSeconds }, hints.weights);
    },
    async weightVersion() {
      const schema = z.looseObject({ weight_version: z.string() });
      return (await read(schema, `${root}/weight_info`, undefined, hints.weights)).weight_version;
    },
    async setWeightVersion(label) {
      await ask(`${root}/update_weight_version`, { new_version: label }, hints.weights);
    },
  };
}

const ModelList = z.looseObject({ data: z.array(z.looseObject({ id: z.string(), root: z.string().nullish() })) });

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
