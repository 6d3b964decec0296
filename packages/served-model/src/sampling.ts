/** How a server chooses tokens. The names and defaults are those of our own generation: greedy unless `doSample`. */
export interface SamplingSettings {
  maxCompletionLength: number;
  /** false: the most probable token always. Default false. */
  doSample?: boolean;
  temperature?: number;
  topP?: number;
  /** 0: off. vLLM only. */
  topK?: number;
  /** Completions of the prompt; completion i has the seed `seed` + i, so seeds of one prompt lie at least so many apart. Default 1. */
  numCompletions?: number;
  seed?: number;
  /** Texts that end a completion; they are not part of it. */
  stop?: readonly string[];
  /** Ask for the log-probability of each token. Default false. */
  logprobs?: boolean;
}

/** Which fields a server knows: `vllm` all of ours (a misspelt one it ignores), `openai` those of OpenAI (which refuses others). */
export type Dialect = "vllm" | "openai";

/**
 * The sampling fields of a chat request. For vLLM none is left out, because a missing one is taken from the model's
 * generation_config.json, which asks a Qwen2.5-VL for a repetition penalty of 1.05.
 *
 * @throws {RangeError} If several completions are asked of a greedy choice, which vLLM refuses.
 */
export function samplingFields(settings: SamplingSettings, dialect: Dialect): Record<string, unknown> {
  const { maxCompletionLength, doSample = false, temperature = 1, topP = 1, topK = 0 } = settings;
  const { numCompletions = 1, seed, stop = [], logprobs = false } = settings;
  if (!doSample && numCompletions !== 1) {
    throw new RangeError(
      `samplingFields: numCompletions=${numCompletions} must be 1 without doSample: all would be equal`,
    );
  }
  const ofVllm = { top_k: doSample && topK > 0 ? topK : -1, min_p: 0, repetition_penalty: 1, return_token_ids: true };
  return {
    n: numCompletions,
    temperature: doSample ? temperature : 0,
    top_p: doSample ? topP : 1,
    max_completion_tokens: maxCompletionLength,
    ...(dialect === "vllm" && ofVllm),
    ...(seed !== undefined && { seed }),
    ...(stop.length > 0 && { stop: [...stop] }),
    ...(logprobs && { logprobs: true, top_logprobs: 0 }),
  };
}
