/**
 * How Video-R1 samples and resizes videos and images: the defaults of `MediaOptions` and of the functions beside it. The
 * sizes suit Qwen2.5-VL; a clip carries its limits and rules, so that another processor can follow them.
 *
 * @see tulerfeng/Video-R1@59d65c3 qwen-vl-utils vision_process.py
 */

/** Pixels that one visual token shows: 2 x 2 patches of 14 x 14. */
const tokenPixels = 28 * 28;

/** Frames sampled a second. */
export const sampledFps = 2;
export const minSampledFrames = 4;
/** As Video-R1 trains; qwen-vl-utils itself has 768. */
export const maxSampledFrames = 16;

/** `fps` of a clip under uniform time, whatever rate it was sampled at: one second a frame pair. */
export const uniformFps = 2;

/** Pixels of one frame of a video. Both limits are the same: every frame is resized to about this size. */
export const videoPixels = { min: 128 * tokenPixels, max: 128 * tokenPixels };

/** The most that a record can ask for one frame of a video: the limit of qwen-vl-utils 0.0.14, where Video-R1 has 128 tokens. */
export const largestFramePixels = 768 * tokenPixels;

/** Bounds of a size that a record asks for itself, by `resized_height` and `resized_width`; also qwen-vl-utils 0.0.14's. */
export const askedPixels = { min: 4 * tokenPixels, max: 16_384 * tokenPixels };

/** Pixels of all frames of one video: int(128000 * 28 * 28 * 0.9). */
export const totalVideoPixels = 90_316_800;

/** Pixels of an image. */
export const imagePixels = { min: 4 * tokenPixels, max: 256 * tokenPixels };

/** How a size is rounded to whole patches: as qwen-vl-utils does, which differs from transformers for small clips. */
export const resizeRules = "qwenVlUtils" as const;
