import { createHash } from "node:crypto";
import type { Clip } from "@videor1/processor-qwen25vl";
import type { FrameFormat } from "./encode-frames.ts";

/**
 * SHA-256 over the frames in their order, their size, rate and format: equal only if the model sees the same. vLLM takes a
 * `uuid` for the item's identity without looking at the frames, so that an order of frames under another's id would be
 * answered as the other.
 */
export function mediaId({ kind, rgb, frames, height, width, fps }: Clip, format: FrameFormat): string {
  const header = JSON.stringify([1, kind, format, frames, height, width, fps ?? null]);
  return createHash("sha256").update(header).update(rgb).digest("hex");
}
