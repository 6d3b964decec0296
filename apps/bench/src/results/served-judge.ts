import type { Judge } from "@videor1/eval";
import { createServedModel, readApiKey } from "@videor1/served-model";
import type { JudgeOptions } from "../config.ts";

/** A judge on servers, at temperature 0; its verdicts are short. */
export function servedJudge({ urls, model, apiKeyVariable, concurrency }: JudgeOptions, signal: AbortSignal): Judge {
  const client = createServedModel({
    urls,
    model,
    concurrency: concurrency * urls.length,
    apiKey: apiKeyVariable === undefined ? undefined : readApiKey(apiKeyVariable, process.env),
  });
  return async (messages) => {
    const request = { messages: [...messages], temperature: 0, max_completion_tokens: 512 };
    return (await client.complete(request, signal)).text;
  };
}
