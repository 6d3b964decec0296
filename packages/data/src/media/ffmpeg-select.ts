import { type PacketTime, rangesFor, type Timeline } from "./video-source.ts";

/** A key picture to begin at. */
export interface SeekPoint {
  /** In units of the stream's time base. */
  pts: bigint;
  seconds: number;
}

/** FFmpeg's names of the codecs whose decoders look into the packets for key pictures, whatever the container says. */
const checking = ["h264", "hevc", "vp8", "vp9", "av1", "mpeg1video", "mpeg2video"];

/** Packets whose decoding takes as long as a seek. */
const seekDistance = 16;

/**
 * The key picture from which all of `indices` can be decoded; undefined if that is near the start of the file, or unknown. As
 * with node-av, a container that marks every packet as key is not believed, unless the decoder checks.
 *
 * @param secondsPerTick - the stream's time base.
 */
export function seekPoint(
  indices: readonly number[],
  packets: readonly PacketTime[],
  timeline: Timeline,
  { codec, secondsPerTick }: { codec: string; secondsPerTick: number },
): SeekPoint | undefined {
  if (!timeline.timed || !(checking.includes(codec) || packets.some(({ key }) => !key))) return undefined;
  const first = rangesFor(indices, packets, timeline)[0]?.first ?? 0;
  const pts = packets[first]?.pts;
  if (first < seekDistance || pts === undefined || pts < 0n) return undefined;
  return { pts, seconds: Number(pts) * secondsPerTick };
}

/** Options of `ffmpeg` before `-i`: begin at the last key picture at or before that time, and show all from there. */
export const seekOptions = ({ seconds }: SeekPoint): string[] => [
  "-noaccurate_seek",
  "-seek_timestamp",
  "1",
  "-ss",
  (Math.ceil(seconds * 1e6) / 1e6).toFixed(6),
];

/** A filter expression that is not 0 if any of `terms` is; nested in halves, as FFmpeg refuses more than a hundred in a row. */
export function anyOf(terms: readonly string[]): string {
  if (terms.length <= 1) return terms[0] ?? "0";
  const half = Math.ceil(terms.length / 2);
  return `(${anyOf(terms.slice(0, half))}+${anyOf(terms.slice(half))})`;
}

/** The filter expression `select`, 0 until the picture of the seek point has come, and come as a picture coded by itself. */
export const afterSeek = (select: string, { pts }: SeekPoint): string =>
  `st(0\\,if(eq(pts\\,${pts})\\,eq(pict_type\\,I)\\,ld(0)))*(${select})`;
