import { z } from "zod";
import { DecodeError } from "../errors.ts";
import { runTool } from "./backend.ts";
import { type QuarterTurns, quarterTurns } from "./rotate-frames.ts";
import type { PacketTime } from "./video-source.ts";

/** The requested fields as `ffprobe -of json` prints them. Absent times are absent fields. */
const probeOutput = z.object({
  packets: z
    .array(
      z.object({
        stream_index: z.int(),
        pts: z.int().optional(),
        dts: z.int().optional(),
        duration: z.int().optional(),
        size: z.coerce.number(),
        flags: z.string(),
      }),
    )
    .default([]),
  streams: z
    .array(
      z.object({
        index: z.int(),
        avg_frame_rate: z.string(),
        time_base: z.string(),
        codec_name: z.string().optional(),
        pix_fmt: z.string().optional(),
        bit_rate: z.coerce.number().optional(),
        disposition: z.record(z.string(), z.number()),
        side_data_list: z.array(z.object({ displaymatrix: z.string().optional() })).default([]),
      }),
    )
    .default([]),
  format: z.object({ format_name: z.string() }).optional(),
});
type Stream = z.infer<typeof probeOutput>["streams"][number];

/** What `ffprobe` tells of a video file. */
export interface Probe {
  formatName: string;
  stream: Stream;
  turns: QuarterTurns;
  packets: PacketTime[];
  /** Faults that ffprobe reports. */
  warnings: string[];
}

/** Probes the video stream that FFmpeg's `av_find_best_stream` would choose. @throws {DecodeError} If there is none. */
export async function probeVideo(path: string, signal: AbortSignal): Promise<Probe> {
  const entries = [
    "packet=stream_index,pts,dts,duration,size,flags",
    "stream=index,avg_frame_rate,time_base,bit_rate,codec_name,pix_fmt:stream_disposition=default,hearing_impaired,visual_impaired",
    "stream_side_data=displaymatrix:format=format_name",
  ].join(":");
  const { stdout, complaints } = await runTool(
    "ffprobe",
    ["-v", "error", "-select_streams", "V", "-show_entries", entries, "-of", "json", `file:${path}`],
    signal,
  );
  const { packets, streams, format } = probeOutput.parse(jsonOf(path, stdout, complaints));
  const [stream] = streams.toSorted((a, b) => rank(b) - rank(a) || (b.bit_rate ?? 0) - (a.bit_rate ?? 0));
  if (stream === undefined) throw new DecodeError(path, complaints[0] ?? "no video stream");
  const own = packets.filter(({ stream_index, size }) => stream_index === stream.index && size > 0);
  const big = (value: number | undefined) => (value === undefined ? undefined : BigInt(value));
  const damaged = own.flatMap(({ flags }, i) => (flags.includes("C") ? [`packet ${i} is damaged`] : []));
  return {
    formatName: format?.format_name ?? "",
    stream,
    turns: turnsOf(stream),
    packets: own.map(({ pts, dts, duration = 0, flags }) => ({
      pts: big(pts),
      dts: big(dts),
      duration: BigInt(duration),
      key: flags.includes("K"),
      discard: flags.includes("D"),
    })),
    warnings: [...complaints, ...damaged],
  };
}

/** @throws {DecodeError} If ffprobe stopped before its output was whole. */
function jsonOf(path: string, stdout: Buffer, complaints: readonly string[]): unknown {
  try {
    return JSON.parse(stdout.toString("utf8") || "{}");
  } catch (cause) {
    throw new DecodeError(path, complaints[0] ?? "ffprobe ends before its output is whole", { cause });
  }
}

/** The order of FFmpeg's choice: streams for everyone before those for the impaired, then those marked as default. */
function rank({ disposition }: Stream): number {
  const impaired = disposition.hearing_impaired || disposition.visual_impaired;
  return (impaired ? 0 : 1) + (disposition.default ? 1 : 0);
}

/** `displaymatrix` as ffprobe prints it: a line number and three integers in each of three rows. */
function turnsOf({ side_data_list }: Stream): QuarterTurns {
  const text = side_data_list.find(({ displaymatrix }) => displaymatrix !== undefined)?.displaymatrix ?? "";
  const rows = text
    .trim()
    .split("\n")
    .map((line) => (line.split(":")[1] ?? "").trim().split(/\s+/).map(Number));
  return rows.length === 3 ? quarterTurns(rows.flat()) : 0;
}
