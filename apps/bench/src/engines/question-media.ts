import { clipLoader, type LoadedClip } from "@videor1/data";
import { checkClipSize, checkMessages, cutClip, loadProcessorConfig } from "@videor1/processor-qwen25vl";
import { randomStream } from "@videor1/random";
import { clipThreads } from "@videor1/train";
import type { BenchConfig } from "../config.ts";
import type { Question } from "../questions/question.ts";
import { type Shown, showQuestion } from "../questions/show-question.ts";
import type { AnswerRequest } from "./engine.ts";

/** A question as a model in this process is shown it. */
export interface ShownQuestion extends Shown {
  id: Question["problemId"];
}

/** The media of questions, made ready in threads that feed no device. */
export interface QuestionMedia {
  /** Loads the clips of a question, shows them in its words, and cuts them into patches, large ones in a thread. */
  show(question: Question, request: Pick<AnswerRequest, "frames" | "mediaRoot">): Promise<ShownQuestion>;
  close(): Promise<void>;
}

/** @param sharers - Processes that share this one's cores. */
export async function openQuestionMedia(
  { seed, data, model }: Pick<BenchConfig, "seed" | "data" | "model">,
  sharers?: number,
): Promise<QuestionMedia> {
  const config = await loadProcessorConfig(model);
  const { ready, close } = clipThreads<LoadedClip, LoadedClip[]>({
    entry: new URL("./clip-thread.ts", import.meta.url),
    data: { config },
    here: (clips) => clips.map((clip) => cutClip(clip, config)),
    sharers,
  });
  const check = (clips: readonly LoadedClip[]) => {
    for (const clip of clips) checkClipSize(clip, config);
  };
  return {
    async show(question, { frames, mediaRoot }) {
      const load = clipLoader({ ...data.media, mediaRoot }, { seed, check });
      const random = randomStream(seed, "shuffle", question.problemId);
      const shown = showQuestion(question, await load(question), frames, random);
      checkMessages(shown.turns);
      return { ...shown, clips: await ready(shown.clips), id: question.problemId };
    },
    close,
  };
}
