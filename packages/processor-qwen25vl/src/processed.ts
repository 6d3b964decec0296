// Shape suffixes: B conversations, L tokens, N patches, P floats of a patch, k images or videos.
import type { Rows } from "./rows.ts";

/** Patches and grids of the images and of the videos, in order of appearance; absent where there are none. */
export interface ProcessedMedia {
  /** [N,P] patches of all images. */
  pixelValues?: Rows<Float32Array>;
  /** [k,3] grid of each image: 1, patches down, patches across. */
  imageGridThw?: Rows<Int32Array>;
  /** [N,P] patches of all videos. */
  pixelValuesVideos?: Rows<Float32Array>;
  /** [k,3] grid of each video: frame pairs, patches down, patches across. */
  videoGridThw?: Rows<Int32Array>;
  /** [k] seconds per frame pair of each video. */
  secondPerGridTs?: Float32Array;
}

/** One conversation, processed. Every array has a buffer of its own, so that a row moves to another thread without a copy. */
export interface ProcessedRow extends ProcessedMedia {
  /** The rendered conversation, one placeholder per image or video. */
  text: string;
  /** [L] token ids, a placeholder repeated for every token that its clip takes. */
  inputIds: Int32Array;
}

/** A batch of conversations: what the model reads, as plain arrays. */
export interface ProcessedInputs extends ProcessedMedia {
  /** [B] the rendered conversations. */
  texts: string[];
  /** [B,L] */
  inputIds: Rows<Int32Array>;
  /** [B,L] 0 at padding. */
  attentionMask: Rows<Int32Array>;
  /** [B,L] 0 text, 1 image, 2 video. */
  mmTokenTypeIds: Rows<Int32Array>;
}
