import { loadClips, messages } from "@videor1/data";
import { randomStream } from "@videor1/random";
import { type ChatRequest, chatRequest, ServerOptions } from "@videor1/served-model";
import type { AnnotateConfig } from "./config.ts";
import type { Question } from "./read-questions.ts";

/**
 * A record's request for its samples from `first` on, with frames that are cut here. Sample i has the seed of the record plus i,
 * in whichever request it is asked for.
 *
 * @throws As `loadClips` and `chatRequest`.
 */
export async function requestOf(
  { example, key }: Question,
  { seed, media, mediaRoot, prompt, generation, server, model }: AnnotateConfig,
  { first, count }: { first: number; count: number },
  signal: AbortSignal,
): Promise<ChatRequest> {
  const { dialect, videoAs } = server ?? ServerOptions.omit({ urls: true }).parse({});
  const own = randomStream(seed, "answer", key).int(2 ** 31);
  return await chatRequest({
    model,
    messages: messages(example, { stage: "cot", ...prompt }),
    clips: await loadClips(example, { ...media, mediaRoot }, { seed, signal }),
    sampling: { ...generation, numCompletions: count, seed: own + first },
    dialect,
    ...(videoAs && { videoAs }),
  });
}
