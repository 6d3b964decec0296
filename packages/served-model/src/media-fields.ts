import type { Clip } from "@videor1/processor-qwen25vl";
import { ServedModelError } from "./served-model-error.ts";

/** Frames per second of a video that does not say; as the processor has it. */
const defaultFps = 2;

/**
 * vLLM's fields for media that are cut and resized already: none is resized or sampled again, `num_frames: -1` lifts the
 * limit of 32 frames, beyond which vLLM drops frames without a word, and `fps` gives the positions' seconds per grid, 2 / fps.
 * Both want a server with `--trust-request-mm-kwargs`.
 *
 * @throws {ServedModelError} REQUEST_IMPOSSIBLE, if the videos have several rates: vLLM takes one for all videos of a request.
 */
export function mediaFields(clips: readonly Clip[], videoAs: "video" | "frames"): Record<string, unknown> {
  if (clips.length === 0) return {};
  const videos = videoAs === "video" ? clips.filter(({ kind }) => kind === "video") : [];
  const resized = { mm_processor_kwargs: { do_resize: false } };
  if (videos.length === 0) return resized;
  return { ...resized, media_io_kwargs: { video: videoFields(videos) } };
}

function videoFields(videos: readonly Clip[]): Record<string, unknown> {
  const rates = [...new Set(videos.map(({ fps = defaultFps }) => fps))];
  if (rates.length > 1) {
    throw new ServedModelError("REQUEST_IMPOSSIBLE", {
      problem: `Videos of ${rates.join(", ")} frames a second cannot stand in one request: vLLM takes one rate for all`,
      hint: "Sample them at one rate (time=uniform of the data's media gives all the same), or send videoAs=frames.",
    });
  }
  const [fps] = rates;
  if (videos.length > 1) return { fps, num_frames: -1 }; // a list of indices would have to fit every video
  const { frames } = videos[0]!;
  return {
    fps,
    frames_indices: [...Array(frames).keys()],
    total_num_frames: frames,
    duration: frames / fps!,
    do_sample_frames: false,
    num_frames: -1,
  };
}
