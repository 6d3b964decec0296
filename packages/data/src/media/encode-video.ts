import { rm } from "node:fs/promises";
import { setImmediate } from "node:timers/promises";
import { EncodeError } from "../errors.ts";
import { runTool, type VideoBackend, withBackend } from "./backend.ts";
import { type EncodeJob, encodeWithNodeAv } from "./node-av-encode.ts";

export interface EncodeVideoOptions {
  width: number;
  height: number;
  /** Frames per second, to 1/1000. */
  fps: number;
  /** x264's quality, 0 best to 51; default 12. Colour keeps its full resolution (4:4:4). */
  crf?: number;
  /** Every pixel is decoded as it was encoded; `crf` has no effect. Default false. */
  lossless?: boolean;
  /** Default `auto`: node-av, else the FFmpeg command line. */
  backend?: VideoBackend;
}

/**
 * Writes frames as an H.264 MP4 file. The same input gives the same bytes with the same backend and FFmpeg version.
 *
 * @param rgb - uint8 [frames, height, width, 3], RGB.
 * @throws {RangeError} If `rgb` does not hold whole frames.
 * @throws {EncodeError} If the file cannot be written; nothing is left behind.
 * @throws {VideoBackendError} If no backend is installed.
 */
export async function encodeVideo(path: string, rgb: Uint8Array, options: EncodeVideoOptions): Promise<void> {
  const { width, height, fps, crf = 12, lossless = false, backend = "auto" } = options;
  const frames = rgb.length / (width * height * 3);
  if (!(Number.isInteger(frames) && frames > 0)) {
    throw new RangeError(`encodeVideo: ${rgb.length} bytes are not whole frames of ${width}x${height}x3`);
  }
  if (!(fps >= 0.001)) throw new RangeError(`encodeVideo: fps=${fps} must be at least 0.001`);
  const job: EncodeJob = {
    path,
    rgb,
    width,
    height,
    rate: Math.round(fps * 1000),
    encoder: lossless ? "libx264rgb" : "libx264",
    // Macroblock trees make x264's output for small frames differ from run to run (core 165, AVX-512).
    options: { preset: "medium", mbtree: "0", ...(lossless ? { qp: "0" } : { crf: String(crf) }) },
  };
  await setImmediate(); // node-av encodes within one turn of the event loop, and frees its memory between turns
  try {
    await withBackend(
      backend,
      (av) => encodeWithNodeAv(av, job),
      () => encodeWithFfmpeg(job),
    );
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  }
}

async function encodeWithFfmpeg({ path, rgb, width, height, rate, encoder, options }: EncodeJob): Promise<void> {
  // biome-ignore format: one option a line
  const { complaints } = await runTool("ffmpeg", [
    "-v", "error", "-y",
    "-f", "rawvideo", "-pix_fmt", "rgb24", "-s", `${width}x${height}`, "-framerate", `${rate}/1000`, "-i", "-",
    "-c:v", encoder,
    ...Object.entries(options).flatMap(([name, value]) => [`-${name}`, value]),
    "-pix_fmt", encoder === "libx264" ? "yuv444p" : "rgb24",
    "-sws_flags", "bicubic+accurate_rnd",
    "-threads", "1", "-flags", "+bitexact", "-fflags", "+bitexact",
    "-f", "mp4", `file:${path}`,
  ], AbortSignal.timeout(600_000), rgb);
  if (complaints.length > 0) throw new EncodeError(path, complaints.join("; "));
}
