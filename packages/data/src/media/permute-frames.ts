import type { Clip } from "./clip.ts";

/**
 * The clip with its frames in another order: frame f of the result is frame permutation[f] of the clip.
 *
 * @param permutation - [frames] each frame's index once.
 * @throws {RangeError} If it is not a permutation of the frames.
 * @see arXiv:2503.21776 §3.2; tulerfeng/Video-R1@59d65c3 grpo_trainer.py (the frames of the shuffled group)
 */
export function permuteFrames<T extends Clip>(clip: T, permutation: readonly number[]): T {
  const isPermutation =
    permutation.length === clip.frames && permutation.toSorted((a, b) => a - b).every((f, i) => f === i);
  if (!isPermutation)
    throw new RangeError(`permuteFrames: [${permutation}] must be a permutation of ${clip.frames} frames`);
  const frameBytes = clip.height * clip.width * 3;
  const rgb = new Uint8Array(clip.rgb.length);
  for (let to = 0; to < clip.frames; to += 1) {
    const from = permutation[to]!;
    rgb.set(clip.rgb.subarray(from * frameBytes, (from + 1) * frameBytes), to * frameBytes);
  }
  return { ...clip, rgb };
}

/**
 * Clips with the frames of each video in another order, and the whole as one permutation: all frames of all clips counted
 * through, frame f of the result is frame permutation[f] of the clips. Images stay.
 *
 * @param orderOf - a permutation of so many frames; asked for each video in turn.
 * @param permute - permutes a video, and what has been made of its frames.
 */
export function permuteVideos<T extends Clip>(
  clips: readonly T[],
  orderOf: (frames: number) => readonly number[],
  permute: (clip: T, permutation: readonly number[]) => T = permuteFrames,
): { clips: T[]; permutation: number[] } {
  const permutation: number[] = [];
  const permuted = clips.map((clip) => {
    const first = permutation.length;
    const order = clip.kind === "video" ? orderOf(clip.frames) : [...Array(clip.frames).keys()];
    permutation.push(...order.map((frame) => first + frame));
    return clip.kind === "video" ? permute(clip, order) : clip;
  });
  return { clips: permuted, permutation };
}
