/** A part of a video, in seconds from its first frame; either end may be left out. */
export interface VideoWindow {
  videoStart?: number | undefined;
  videoEnd?: number | undefined;
}

/** Frames `first` to `first + frames - 1` of a video. */
export interface FrameRange {
  first: number;
  frames: number;
}

/**
 * The frames ceil(start * fps) to floor(end * fps), both included, of a video whose frames are counted at its average rate.
 * Both ends are clamped to the video.
 *
 * @throws {RangeError} If fewer than two frames are left.
 * @see QwenLM/Qwen3-VL qwen-vl-utils 0.0.14 vision_process.py `calculate_video_frame_range`
 */
export function frameRange({ videoStart, videoEnd }: VideoWindow, totalFrames: number, videoFps: number): FrameRange {
  if (videoStart === undefined && videoEnd === undefined) return { first: 0, frames: totalFrames };
  const seconds = totalFrames / videoFps;
  const clamp = (time: number): number => Math.max(0, Math.min(time, seconds));
  const first = Math.ceil(clamp(videoStart ?? 0) * videoFps);
  const last = Math.min(Math.floor(clamp(videoEnd ?? seconds) * videoFps), totalFrames - 1);
  if (first >= last) {
    const video = `${seconds.toFixed(2)} s, ${totalFrames} frames at ${Number(videoFps.toFixed(3))} a second`;
    const message = `${videoStart ?? 0} s to ${videoEnd === undefined ? "its end" : `${videoEnd} s`}`;
    throw new RangeError(`frameRange: ${message} holds fewer than two frames of a video of ${video}`);
  }
  return { first, frames: last - first + 1 };
}
