import { DecodeError } from "../errors.ts";
import { type FrameRange, frameRange, type VideoWindow } from "./frame-range.ts";
import { frameIndices, type SampleOptions, smartNframes } from "./sample-frames.ts";

/** Which frames of a video to take; all counts hold for its part from `videoStart` to `videoEnd`. */
export interface FrameChoice extends SampleOptions, VideoWindow {
  /** Take the frame of a part that has only one. */
  allowSingleFrame?: boolean | undefined;
}

/**
 * The frames that {@link frameRange}, {@link smartNframes} and {@link frameIndices} choose, and the rate among them: chosen /
 * frames of the part * the video's rate.
 *
 * @param path - of the video, for the error.
 * @throws {DecodeError} If there are too few frames.
 */
export function chooseFrames(
  path: string,
  video: { totalFrames: number; fps: number },
  choice: FrameChoice,
): { indices: number[]; fps: number } {
  const range = rangeOf(path, video, choice);
  const isSingle = choice.allowSingleFrame === true && range.frames === 1;
  const indices = isSingle ? [range.first] : sample(path, video.fps, range, choice);
  return { indices, fps: (indices.length / range.frames) * video.fps };
}

function rangeOf(path: string, video: { totalFrames: number; fps: number }, window: VideoWindow): FrameRange {
  try {
    return frameRange(window, video.totalFrames, video.fps);
  } catch (cause) {
    throw new DecodeError(path, (cause as Error).message, {
      cause,
      hint: "Correct video_start and video_end of the record, which count from the video's first frame, or leave it out.",
    });
  }
}

function sample(path: string, fps: number, { first, frames }: FrameRange, options: SampleOptions): number[] {
  try {
    return frameIndices(frames, smartNframes(options, frames, fps), first);
  } catch (cause) {
    throw new DecodeError(path, `cannot sample ${frames} frames: ${(cause as Error).message}`, {
      cause,
      hint:
        frames === 1
          ? "Set allowSingleFrame=true in the section media.decoder to take a video of one frame."
          : "Ask for fewer frames (nframes), or set clampNframes=true in the section media to take all there are, or leave the record out.",
    });
  }
}
