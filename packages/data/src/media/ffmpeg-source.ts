import { DecodeError } from "../errors.ts";
import { runTool } from "./backend.ts";
import { probeVideo } from "./ffmpeg-probe.ts";
import { afterSeek, anyOf, type SeekPoint, seekOptions, seekPoint } from "./ffmpeg-select.ts";
import { refuseIndirect } from "./playlists.ts";
import { type QuarterTurns, turnFilters } from "./rotate-frames.ts";
import {
  hasOwnRate,
  hideLeading,
  leadingPackets,
  type ReadFrames,
  type SourceOptions,
  secondsOf,
  timelineOf,
  type VideoSource,
} from "./video-source.ts";

/** Opens a video with the `ffprobe` and `ffmpeg` command line tools (version 5.1 or newer). */
export async function openWithFfmpeg(path: string, options: SourceOptions): Promise<VideoSource> {
  const { formatName, stream, turns, packets, warnings } = await probeVideo(path, options.signal);
  refuseIndirect(path, formatName);
  const leading = leadingPackets(packets);
  if (leading.length > 0) {
    hideLeading(packets, leading, await shownTimes(path, stream.index, leading.at(-1)! + 1, options.signal));
  }
  const secondsPerTick = ratio(stream.time_base);
  const timeline = timelineOf(packets, secondsPerTick);
  const selectors = (indices: readonly number[]) =>
    indices.map((index) => {
      const pts = packets[timeline.order[index]!]?.pts;
      return timeline.timed ? `eq(pts\\,${pts})` : `eq(n\\,${index})`;
    });
  return {
    totalFrames: timeline.order.length,
    fps: hasOwnRate(formatName) ? ratio(stream.avg_frame_rate) : Number.NaN,
    durationSeconds: timeline.durationSeconds,
    secondsOf: (indices) => secondsOf(indices, packets, timeline, secondsPerTick),
    warnings: damageOf(warnings),
    read: (indices) =>
      readSelected(path, {
        stream: stream.index,
        indices,
        select: selectors(indices),
        turns: options.rotate ? turns : 0,
        pixelFormat: stream.pix_fmt ?? "",
        seek: seekPoint(indices, packets, timeline, { codec: stream.codec_name ?? "", secondsPerTick }),
        options,
      }),
  };
}

/** Times of the frames that come out of the first `count` packets. */
async function shownTimes(
  path: string,
  stream: number,
  count: number,
  signal: AbortSignal,
): Promise<(bigint | undefined)[]> {
  // biome-ignore format: one option a line
  const { stdout } = await runTool("ffprobe", [
    "-v", "error", "-select_streams", String(stream),
    "-read_intervals", `%+#${count}`,
    "-show_entries", "frame=pts", "-of", "csv=p=0",
    `file:${path}`,
  ], signal);
  const lines = stdout.toString("utf8").match(/-?\d+|N\/A/g) ?? [];
  return lines.map((line) => (line === "N/A" ? undefined : BigInt(line)));
}

interface Selection {
  stream: number;
  indices: readonly number[];
  /** A filter expression for each index. */
  select: readonly string[];
  turns: QuarterTurns;
  /** FFmpeg's name of the stored pictures' pixel format. */
  pixelFormat: string;
  /** Where to begin; undefined: at the start of the file. */
  seek: SeekPoint | undefined;
  options: SourceOptions;
}

/** A seek is checked, since it is inexact in several containers: without all frames, or at any complaint, the file is read from its start. */
async function readSelected(path: string, selection: Selection): Promise<ReadFrames> {
  if (selection.seek !== undefined && !selection.options.whole) {
    const frames = await readFrom(path, selection).catch((error: unknown) => {
      if (!(error instanceof DecodeError)) throw error;
    });
    if (frames?.warnings.length === 0) return frames;
  }
  return await readFrom(path, { ...selection, seek: undefined });
}

async function readFrom(path: string, selection: Selection): Promise<ReadFrames> {
  const { stream, indices, turns, pixelFormat, seek, options } = selection;
  const wanted = anyOf(selection.select);
  const filters = [`select=${seek ? afterSeek(wanted, seek) : wanted}`];
  if (turns !== 0) filters.push(turnFilters(turns, pixelFormat));
  // Frames leave one second apart: at the file's own times several may share a tick of the output, which is refused.
  filters.push("settb=AVTB", "setpts=N*1000000");
  // biome-ignore format: one option a line
  const { stdout, complaints } = await runTool("ffmpeg", [
    "-v", "error", "-nostdin", "-copyts", "-noautorotate",
    "-threads", String(options.threads),
    ...(seek ? seekOptions(seek) : []),
    "-i", `file:${path}`,
    "-map", `0:${stream}`,
    "-vf", filters.join(","),
    "-fps_mode", "passthrough",
    ...(options.whole ? [] : ["-frames:v", String(indices.length)]),
    "-sws_flags", "bilinear",
    "-pix_fmt", "rgb24",
    "-c:v", "ppm", "-f", "image2pipe", "-",
  ], options.signal);
  const pictures = readPictures(path, stdout);
  const warnings = seek ? complaints : damageOf(complaints);
  if (pictures.frames !== indices.length) {
    throw new DecodeError(path, [`${pictures.frames} of ${indices.length} frames came out`, ...complaints].join("; "));
  }
  const { rgb, width, height } = pictures;
  return { rgb, width, height, indices: [...indices], warnings };
}

/** Pictures of equal size from a stream of binary PPM files, each with a header "P6 width height 255". */
function readPictures(path: string, ppm: Buffer): { rgb: Uint8Array; frames: number; width: number; height: number } {
  const [header, width, height] = /^P6\s+(\d+)\s+(\d+)\s+255\s/.exec(ppm.toString("latin1", 0, 64)) ?? ["", 0, 0];
  const size = Number(width) * Number(height) * 3;
  if (header === "") return { rgb: new Uint8Array(0), frames: 0, width: 0, height: 0 };
  const step = header.length + size;
  const frames = Math.floor(ppm.length / step);
  const rgb = new Uint8Array(frames * size);
  for (let i = 0; i < frames; i += 1) {
    const start = i * step;
    if (ppm.toString("latin1", start, start + header.length) !== header) {
      throw new DecodeError(path, `the frame size changes from ${width}x${height}`);
    }
    rgb.set(ppm.subarray(start + header.length, start + step), i * size);
  }
  return { rgb, frames, width: Number(width), height: Number(height) };
}

/** Lines that FFmpeg prints as errors for files that decode whole, which are common in files from the web. */
const harmless = [
  /SEI type \d+ size \d+ truncated at \d+/,
  /mmco: unref short failure/,
  /reference picture missing during reorder/,
  /co located POCs unavailable/,
  /Missing reference picture, default is \d+/,
  /non monotonically increasing dts/,
  /number of reference frames .* exceeds max/,
  /warning: first frame is no keyframe/,
  /Referenced QT chapter track not found/,
  /Last message repeated \d+ times/,
];

/** The lines that speak of damage. */
function damageOf(lines: readonly string[]): string[] {
  return lines.filter((line) => !harmless.some((pattern) => pattern.test(line)));
}

/** `num/den` as a number; NaN for 0/0. */
function ratio(text: string): number {
  const [num, den] = text.split("/").map(Number);
  return num! / den!;
}
