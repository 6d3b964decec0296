import { type LoadedClip, permuteFrames } from "@videor1/data";
import type { RandomStream } from "@videor1/random";

/** Ways to ask a video question again, to see what the answer owes to time: T-GRPO's own question, asked of any model. */
export const comparedOrders = ["shuffled", "reversed", "single", "none"] as const;

/** How a question's video frames are shown: `single` is the middle one alone, `none` the text alone. Images always stay. */
export type FrameOrder = "ordered" | (typeof comparedOrders)[number];

/**
 * Clips with the frames of each video in another order; `indices` and `timestamps` follow the frames. `none` leaves the videos
 * out.
 *
 * @param random - draws the shuffles, a permutation for each video in turn.
 */
export function arrangeFrames(clips: readonly LoadedClip[], order: FrameOrder, random: RandomStream): LoadedClip[] {
  if (order === "none") return clips.filter(({ kind }) => kind !== "video");
  return clips.map((clip) => (clip.kind === "video" ? arrange(clip, order, random) : clip));
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
