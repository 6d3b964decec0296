import { clipLoader, type LoadedClip, type Message } from "@videor1/data";
import { randomStream } from "@videor1/random";
import { type ChatRequest, chatRequest, type ServerOptions } from "@videor1/served-model";
import type { BenchConfig } from "../config.ts";
import type { Question } from "../questions/question.ts";
import { showQuestion } from "../questions/show-question.ts";
import type { AnswerRequest } from "./engine.ts";

/** A question's request to a chat server, and the clips in it. Frames are cut and resized here. */
export async function requestOf(
  question: Question,
  { seed, data, generation }: Pick<BenchConfig, "seed" | "data" | "generation">,
  { dialect, videoAs }: Pick<ServerOptions, "dialect" | "videoAs">,
  { frames, mediaRoot, signal }: AnswerRequest,
): Promise<{ request: ChatRequest; clips: readonly LoadedClip[] }> {
  const load = clipLoader({ ...data.media, mediaRoot }, { seed, check: () => {} });
  const random = randomStream(seed, "shuffle", question.problemId);
  const { turns, clips, answerPrefix } = showQuestion(question, await load(question, signal), frames, random);
  const request = await chatRequest({
    messages: answerPrefix === undefined ? turns : [...turns, begun(answerPrefix)],
    clips,
    sampling: { ...generation, seed: randomStream(seed, "answer", question.problemId).int(2 ** 31) },
    dialect,
    ...(videoAs && { videoAs }),
    ...(answerPrefix !== undefined && { fields: { continue_final_message: true, add_generation_prompt: false } }),
  });
  return { request, clips };
}

/** An answer's beginning, which vLLM and SGLang go on from. */
const begun = (text: string): Message => ({ role: "assistant", content: [{ type: "text", text }] });
