import type { Clip } from "./clip.ts";

/**
 * The same clip with frame f showing what frame permutation[f] showed. Whole frames move; the pixels stay.
 *
 * @see arXiv:2503.21776 §3.2; tulerfeng/Video-R1@59d65c3 grpo_trainer.py (the frames of the shuffled group)
 */
export function permuteFrames<T extends Clip>(clip: T, permutation: ArrayLike<number>): T {
  const frameBytes = clip.height * clip.width * 3;
  const rgb = new Uint8Array(clip.rgb.length);
  for (let to = 0; to < clip.frames; to += 1) {
    const from = permutation[to]!;
    rgb.set(clip.rgb.subarray(from * frameBytes, (from + 1) * frameBytes), to * frameBytes);
  }
  return { ...clip, rgb };
}
