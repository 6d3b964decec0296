import type { LoadedClip, Message } from "@videor1/data";
import { benchmarks, renderPrompt } from "@videor1/eval";
import type { RandomStream } from "@videor1/random";
import { arrangeFrames, type FrameOrder } from "./frame-order.ts";
import type { Question } from "./question.ts";

/** What a model is shown: turns, the clips of their media parts, and how its answer begins. */
export interface Shown {
  turns: readonly Message[];
  clips: readonly LoadedClip[];
  answerPrefix?: string;
}

/**
 * A question with its frames in an order, in its own words or those of its benchmark's prompt, which may depend on the frames.
 *
 * @param random - draws the shuffles.
 */
export function showQuestion(
  question: Question,
  clips: readonly LoadedClip[],
  order: FrameOrder,
  random: RandomStream,
): Shown {
  const arranged = arrangeFrames(clips, order, random);
  const rendered = render(question, arranged);
  if (order !== "none") return rendered;
  const isStill = ({ type }: { type: string }) =>
    type === "text" || (type === "image" && question.dataType === "image");
  return {
    ...rendered,
    turns: rendered.turns.map(({ role, content }) => ({ role, content: content.filter(isStill) })),
  };
}

function render({ turns = [], asked }: Question, clips: readonly LoadedClip[]): Shown {
  if (asked === undefined) return { turns, clips };
  const { item, prompt, subtitles } = asked;
  const frameSeconds = clips.find(({ kind }) => kind === "video")?.timestamps;
  const { messages, answerPrefix, imagesAreFrames } = renderPrompt(benchmarks[item.benchmark], prompt, item, {
    ...(frameSeconds && { frameSeconds }),
    ...(subtitles !== undefined && { subtitles }),
  });
  return {
    turns: messages,
    clips: imagesAreFrames ? clips.flatMap(splitFrames) : clips,
    ...(answerPrefix !== undefined && { answerPrefix }),
  };
}

/** The frames of a clip, an image each. */
function splitFrames(clip: LoadedClip): LoadedClip[] {
  const bytes = clip.height * clip.width * 3;
  const { fps: _, timestamps, ...rest } = clip;
  return Array.from({ length: clip.frames }, (_, f) => ({
    ...rest,
    kind: "image",
    frames: 1,
    rgb: clip.rgb.slice(f * bytes, (f + 1) * bytes),
    indices: [clip.indices[f]!],
    ...(timestamps && { timestamps: [timestamps[f]!] }),
  }));
}
