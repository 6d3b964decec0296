import { z } from "zod";
import { DecodeError } from "../errors.ts";
import { runTool } from "./backend.ts";
import { type ReadFrames, type SourceOptions, timelineOf, type VideoSource } from "./video-source.ts";

/** The requested fields as `ffprobe -of json` prints them. Absent times are absent fields. */
const probeOutput = z.object({
  packets: z
    .array(
      z.object({ pts: z.int().optional(), dts: z.int().optional(), duration: z.int().optional(), flags: z.string() }),
    )
    .default([]),
  streams: z
    .array(
      z.object({
        width: z.int(),
        height: z.int(),
        avg_frame_rate: z.string(),
        time_base: z.string(),
        nb_frames: z.coerce.number().optional(),
      }),
    )
    .default([]),
});

/** Opens a video with the `ffprobe` and `ffmpeg` command line tools (version 5.1 or newer). */
export async function openWithFfmpeg(path: string, options: SourceOptions): Promise<VideoSource> {
  const entries = "packet=pts,dts,duration,flags:stream=width,height,avg_frame_rate,time_base,nb_frames";
  const probe = await runTool(
    "ffprobe",
    ["-v", "error", "-select_streams", "V:0", "-show_entries", entries, "-of", "json", `file:${path}`],
    options.signal,
  );
  const { packets: found, streams } = probeOutput.parse(JSON.parse(probe.stdout.toString("utf8") || "{}"));
  const [stream] = streams;
  if (stream === undefined) throw new DecodeError(path, probe.complaints[0] ?? "no video stream");
  const big = (value: number | undefined) => (value === undefined ? undefined : BigInt(value));
  const packets = found.map(({ pts, dts, duration = 0, flags }) => ({
    pts: big(pts),
    dts: big(dts),
    duration: BigInt(duration),
    key: flags.includes("K"),
    discard: flags.includes("D"),
  }));
  const warnings = [...probe.complaints];
  found.forEach(({ flags }, position) => {
    if (flags.includes("C")) warnings.push(`packet ${position} is damaged`);
  });
  const { nb_frames: announced = 0, width, height } = stream;
  if (announced > packets.length) warnings.push(`holds ${packets.length} of ${announced} announced frames`);
  const timeline = timelineOf(packets, ratio(stream.time_base));
  const selectors = (indices: readonly number[]) =>
    indices.map((index) => {
      const pts = packets[timeline.order[index]!]?.pts;
      return timeline.timed ? `eq(pts\\,${pts})` : `eq(n\\,${index})`;
    });
  return {
    totalFrames: timeline.order.length,
    fps: ratio(stream.avg_frame_rate),
    durationSeconds: timeline.durationSeconds,
    warnings,
    read: (indices) => readSelected(path, { indices, select: selectors(indices), width, height, options }),
  };
}

interface Selection {
  indices: readonly number[];
  /** A filter expression for each index. */
  select: readonly string[];
  width: number;
  height: number;
  options: SourceOptions;
}

async function readSelected(path: string, { indices, select, width, height, options }: Selection): Promise<ReadFrames> {
  // biome-ignore format: one option a line
  const { stdout, complaints } = await runTool("ffmpeg", [
    "-v", "error", "-nostdin", "-copyts", "-noautorotate",
    "-threads", String(options.threads),
    "-i", `file:${path}`,
    "-map", "0:V:0",
    "-vf", `select=${select.join("+")}`,
    "-fps_mode", "passthrough",
    "-frames:v", String(indices.length),
    "-sws_flags", "bicubic",
    "-pix_fmt", "rgb24",
    "-f", "rawvideo", "-",
  ], options.signal);
  const size = width * height * 3;
  if (stdout.length !== indices.length * size) {
    const reason = `${stdout.length / size} of ${indices.length} frames came out`;
    throw new DecodeError(path, [reason, ...complaints].join("; "));
  }
  const rgb = new Uint8Array(stdout.buffer, stdout.byteOffset, stdout.length);
  return { rgb, width, height, indices: [...indices], warnings: complaints };
}

/** `num/den` as a number; NaN for 0/0. */
function ratio(text: string): number {
  const [num, den] = text.split("/").map(Number);
  return num! / den!;
}
