import { createHash } from "node:crypto";
import type { LoadedClip } from "@videor1/data";
import { cutClip, type ProcessorConfig } from "@videor1/processor-qwen25vl";

/** An example's clips as the model takes them, but for the order of their frames. */
export interface ReadyClips {
  /** Resized and cut into patches. */
  clips: LoadedClip[];
  /** SHA-256, in hex, of the decoded pixels of all clips and their shapes. */
  framesHash: string;
}

/** All that is made of decoded clips before the step is known that they fall into. */
export const readyClips = (clips: readonly LoadedClip[], config: ProcessorConfig): ReadyClips => ({
  framesHash: hashClips(clips),
  clips: clips.map((clip) => cutClip(clip, config)),
});

function hashClips(clips: readonly LoadedClip[]): string {
  const hash = createHash("sha256");
  for (const { rgb, frames, height, width } of clips) hash.update(`${frames}x${height}x${width}\0`).update(rgb);
  return hash.digest("hex");
}
