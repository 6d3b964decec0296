import { z } from "zod";
import { httpCall } from "./http-call.ts";
import { ServedModelError } from "./served-model-error.ts";
import { serverUrl } from "./server-url.ts";

export interface CheckDialectOptions {
  url: string;
  apiKey?: string | undefined;
  /** Default 30. */
  timeoutSeconds?: number;
}

const ModelList = z.looseObject({ data: z.array(z.looseObject({ owned_by: z.string().nullish() })) });

/**
 * Whether a server can speak vLLM's dialect, by what it says of its models: SGLang takes no list of frames in a request, but samples
 * and resizes videos itself, so that it would see others than are sent.
 *
 * @throws {ServedModelError} SERVER_SETUP, if it is an SGLang; UNREACHABLE or TIMED_OUT.
 * @see sgl-project/sglang python/sglang/srt/entrypoints/openai/protocol.py `ModelCard`
 */
export async function checkDialect({ url, apiKey, timeoutSeconds = 30 }: CheckDialectOptions): Promise<void> {
  const { base } = serverUrl(url);
  const { text } = await httpCall({
    server: base,
    url: `${base}/models`,
    ...(apiKey !== undefined && { headers: { authorization: `Bearer ${apiKey}` } }),
    limits: { connectSeconds: 10, timeoutSeconds, stallSeconds: timeoutSeconds, maxReplyBytes: 2 ** 24 },
  });
  const models = ModelList.safeParse(parse(text)).data?.data ?? [];
  if (models.some(({ owned_by }) => owned_by === "sglang")) throw isSglang(base);
}

/** Why an SGLang is not asked as a vLLM. */
export const isSglang = (server: string): ServedModelError =>
  new ServedModelError("SERVER_SETUP", {
    server,
    problem: "this is an SGLang, which takes no frames that are cut here: it would sample each video itself",
    hint: "Serve the model with vLLM; for evaluation and annotation alone dialect=openai sends SGLang the frames as images.",
  });

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
