/** Decoded frames of a video, or an image as one frame, at native size. */
export interface Clip {
  /** uint8 [frames, height, width, 3], RGB. */
  rgb: Uint8Array;
  frames: number;
  height: number;
  width: number;
  kind: "image" | "video";
  /** Frames per second among the sampled frames; videos only. */
  fps?: number;
}
