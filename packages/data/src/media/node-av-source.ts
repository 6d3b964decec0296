import type { CodecContext, Packet } from "node-av/lib";
import type { NodeAv } from "./backend.ts";
import { decodePacket, type Input, openDecoder, openInput, packetsOf } from "./node-av-input.ts";
import { collectRgb } from "./rgb-frames.ts";
import { type QuarterTurns, quarterTurns } from "./rotate-frames.ts";
import {
  hasOwnRate,
  hideLeading,
  leadingPackets,
  type PacketRange,
  type PacketTime,
  type ReadFrames,
  rangesFor,
  type SourceOptions,
  type Timeline,
  timelineOf,
  type VideoSource,
} from "./video-source.ts";

/**
 * Opens a video with node-av. A first pass over the packets finds the display order; `read` makes a second one and
 * decodes the groups of pictures that hold the asked frames. It never seeks: seeking is inexact in several containers,
 * and reading the file again is cheap beside decoding it.
 */
export async function openWithNodeAv(av: NodeAv, path: string, options: SourceOptions): Promise<VideoSource> {
  const input = await openInput(av, path, options.bytes);
  try {
    const packets: PacketTime[] = [];
    const warnings: string[] = [];
    const time = (ticks: bigint) => (ticks === av.AV_NOPTS_VALUE ? undefined : ticks);
    for await (const packet of packetsOf(av, input, { signal: options.signal, warnings })) {
      if (packet.hasFlags(av.AV_PKT_FLAG_CORRUPT)) warnings.push(`packet ${packets.length} is damaged`);
      packets.push({
        pts: time(packet.pts),
        dts: time(packet.dts),
        duration: packet.duration,
        key: packet.isKeyframe,
        discard: packet.hasFlags(av.AV_PKT_FLAG_DISCARD),
      });
    }
    const { timeBase, avgFrameRate } = input.stream;
    const leading = leadingPackets(packets);
    if (leading.length > 0) {
      hideLeading(packets, leading, await shownTimes(av, path, leading.at(-1)!, options));
    }
    const timeline = timelineOf(packets, timeBase.num / timeBase.den);
    const trustKeys = trustsKeys(av, input, packets);
    return {
      totalFrames: timeline.order.length,
      fps: hasOwnRate(input.format.iformat?.name ?? "") ? avgFrameRate.num / avgFrameRate.den : Number.NaN,
      durationSeconds: timeline.durationSeconds,
      warnings,
      read: (indices) => readFrames(av, path, { indices: [...indices], packets, timeline, trustKeys, options }),
    };
  } finally {
    input.format.closeInputSync();
  }
}

/** Times of the frames that come out of the packets 0 to `last`. */
async function shownTimes(av: NodeAv, path: string, last: number, options: SourceOptions): Promise<bigint[]> {
  const input = await openInput(av, path, options.bytes);
  const frame = new av.Frame();
  frame.alloc();
  const times: bigint[] = [];
  const onFrame = () => {
    times.push(frame.pts);
  };
  let decoder: CodecContext | undefined;
  try {
    decoder = await openDecoder(av, path, input, options.threads);
    const decode = (packet: Packet | null) =>
      decodePacket(av, decoder!, packet, { frame, inline: input.inline, warnings: [], onFrame });
    let position = -1;
    for await (const packet of packetsOf(av, input, { signal: options.signal, warnings: [] })) {
      position += 1;
      await decode(packet);
      if (position === last) break;
    }
    await decode(null);
    return times;
  } finally {
    frame.free();
    decoder?.freeContext();
    input.format.closeInputSync();
  }
}

interface Request {
  /** Ascending display positions. */
  indices: number[];
  packets: readonly PacketTime[];
  timeline: Timeline;
  /** The packets' marks of key packets are true. */
  trustKeys: boolean;
  options: SourceOptions;
}

async function readFrames(av: NodeAv, path: string, request: Request): Promise<ReadFrames> {
  const ranges = rangesFor(request.indices, request.packets, request.timeline);
  const whole = { first: 0, last: ranges.at(-1)!.last };
  if (!request.trustKeys) return (await decodeRanges(av, path, request, [whole]))!;
  const frames = await decodeRanges(av, path, request, ranges);
  // A group may not be decodable by itself (a recovery point instead of a true key frame): then everything is decoded.
  const isWhole = ranges.length === 1 && ranges[0]!.first === 0;
  if (frames && (isWhole || (frames.warnings.length === 0 && frames.indices.length === request.indices.length))) {
    return frames;
  }
  return (await decodeRanges(av, path, request, [whole]))!;
}

/**
 * False if the marks of key packets may be wrong, so that no packet can be skipped: a container without a list of key packets
 * marks them all, and a simple decoder decodes a difference on a grey picture without a word. The decoders named
 * here look into the packets themselves.
 */
function trustsKeys(av: NodeAv, { stream }: Input, packets: readonly PacketTime[]): boolean {
  if (packets.some(({ key }) => !key) || stream.codecpar.hasProperties(av.AV_CODEC_PROP_INTRA_ONLY)) return true;
  const checking = [
    av.AV_CODEC_ID_H264,
    av.AV_CODEC_ID_HEVC,
    av.AV_CODEC_ID_VP8,
    av.AV_CODEC_ID_VP9,
    av.AV_CODEC_ID_AV1,
    av.AV_CODEC_ID_MPEG1VIDEO,
    av.AV_CODEC_ID_MPEG2VIDEO,
  ];
  return checking.includes(stream.codecpar.codecId);
}

/** Undefined if a range after the first packet does not begin with a key frame, whatever its packet claims. */
async function decodeRanges(
  av: NodeAv,
  path: string,
  { indices, packets, timeline, options }: Request,
  ranges: readonly PacketRange[],
): Promise<ReadFrames | undefined> {
  const warnings: string[] = [];
  const slotOf = new Map(
    indices.map((index, slot) => [timeline.timed ? packets[timeline.order[index]!]!.pts! : BigInt(index), slot]),
  );
  const input = await openInput(av, path, options.bytes);
  const frames = collectRgb(av, path, indices, options.rotate ? turnsOf(av, input) : 0);
  const frame = new av.Frame();
  frame.alloc();
  let shown = 0n;
  let opens = false;
  let isBroken = false;
  const onFrame = () => {
    if (opens && (frame.pictType === av.AV_PICTURE_TYPE_P || frame.pictType === av.AV_PICTURE_TYPE_B)) isBroken = true;
    opens = false;
    const slot = slotOf.get(timeline.timed ? frame.pts : shown);
    shown += 1n;
    if (slot !== undefined) frames.take(frame, slot);
  };
  let decoder: CodecContext | undefined;
  try {
    decoder = await openDecoder(av, path, input, options.threads);
    const decode = (packet: Packet | null) =>
      decodePacket(av, decoder!, packet, { frame, inline: input.inline, warnings, onFrame });
    let position = -1;
    let next = 0;
    for await (const packet of packetsOf(av, input, { signal: options.signal, warnings })) {
      position += 1;
      const range = ranges[next]!;
      if (position < range.first || isLeading(packets, range, position)) continue;
      if (position === range.first) opens = position > 0;
      await decode(packet);
      if (isBroken) return undefined;
      if (position < range.last) continue;
      await decode(null);
      next += 1;
      if (next === ranges.length) break;
      decoder.flushBuffers();
    }
    return frames.result(warnings);
  } finally {
    frames.close();
    frame.free();
    decoder?.freeContext();
    input.format.closeInputSync();
  }
}

function turnsOf(av: NodeAv, { stream }: Input): QuarterTurns {
  const matrix = stream.codecpar.getCodedSideData(av.AV_PKT_DATA_DISPLAYMATRIX);
  return matrix ? quarterTurns(new Int32Array(Uint8Array.from(matrix).buffer)) : 0;
}

/** True if shown before the key packet that opens its range: not requested, and not decodable without the group before. */
function isLeading(packets: readonly PacketTime[], { first }: PacketRange, position: number): boolean {
  const key = packets[first]?.pts;
  const pts = packets[position]?.pts;
  return first > 0 && key !== undefined && pts !== undefined && pts < key;
}
