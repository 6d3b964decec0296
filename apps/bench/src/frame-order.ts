import { type LoadedClip, type Message, permuteFrames } from "@videor1/data";
import type { RandomStream } from "@videor1/random";

/** Ways to ask a video question again, to see what the answer owes to time: T-GRPO's own question, asked of any model. */
export const comparedOrders = ["shuffled", "reversed", "single", "none"] as const;

/** How a question's video frames are shown: `single` is the middle one alone, `none` the text alone. Images always stay. */
export type FrameOrder = "ordered" | (typeof comparedOrders)[number];

/** What a model is shown: turns, and the clips of their media parts. */
export interface Shown {
  turns: readonly Message[];
  clips: readonly LoadedClip[];
}

/**
 * The question with its frames in another order; `indices` and `timestamps` of the clips follow the frames.
 *
 * @param random - draws the shuffles, a permutation for each video in turn.
 */
export function showFrames({ turns, clips }: Shown, order: FrameOrder, random: RandomStream): Shown {
  if (order === "none") {
    const withoutVideos = turns.map(({ role, content }) => ({
      role,
      content: content.filter(({ type }) => type !== "video"),
    }));
    return { turns: withoutVideos, clips: clips.filter(({ kind }) => kind !== "video") };
  }
  return { turns, clips: clips.map((clip) => (clip.kind === "video" ? arrange(clip, order, random) : clip)) };
}

function arrange(clip: LoadedClip, order: Exclude<FrameOrder, "none">, random: RandomStream): LoadedClip {
  const { frames } = clip;
  if (order === "ordered") return clip;
  if (order === "single") return only(clip, Math.floor((frames - 1) / 2));
  const positions =
    order === "reversed" ? Array.from({ length: frames }, (_, f) => frames - 1 - f) : random.permutation(frames);
  const { indices, timestamps } = clip;
  return {
    ...permuteFrames(clip, positions),
    indices: positions.map((f) => indices[f]!),
    ...(timestamps && { timestamps: positions.map((f) => timestamps[f]!) }),
  };
}

/** One frame of a clip as a clip of its own. */
function only(clip: LoadedClip, frame: number): LoadedClip {
  const bytes = clip.height * clip.width * 3;
  return {
    ...clip,
    frames: 1,
    rgb: clip.rgb.slice(frame * bytes, (frame + 1) * bytes),
    indices: [clip.indices[frame]!],
    ...(clip.timestamps && { timestamps: [clip.timestamps[frame]!] }),
  };
}
