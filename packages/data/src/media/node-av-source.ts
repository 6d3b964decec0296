import type { CodecContext, Packet } from "node-av/lib";
import type { NodeAv } from "./backend.ts";
import { decodePacket, openDecoder, openInput, packetsOf } from "./node-av-input.ts";
import { collectRgb } from "./rgb-frames.ts";
import {
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
    const { timeBase, avgFrameRate, nbFrames } = input.stream;
    if (nbFrames > packets.length) warnings.push(`holds ${packets.length} of ${nbFrames} announced frames`);
    const timeline = timelineOf(packets, timeBase.num / timeBase.den);
    return {
      totalFrames: timeline.order.length,
      fps: avgFrameRate.num / avgFrameRate.den,
      durationSeconds: timeline.durationSeconds,
      warnings,
      read: (indices) => readFrames(av, path, { indices: [...indices], packets, timeline, options }),
    };
  } finally {
    input.format.closeInputSync();
  }
}

interface Request {
  /** Ascending display positions. */
  indices: number[];
  packets: readonly PacketTime[];
  timeline: Timeline;
  options: SourceOptions;
}

async function readFrames(av: NodeAv, path: string, request: Request): Promise<ReadFrames> {
  const ranges = rangesFor(request.indices, request.packets, request.timeline);
  const frames = await decodeRanges(av, path, request, ranges);
  // A group may not be decodable by itself (a recovery point instead of a true key frame): then everything is decoded.
  const last = ranges.at(-1)!.last;
  const isWhole = ranges.length === 1 && ranges[0]!.first === 0;
  if (isWhole || (frames.warnings.length === 0 && frames.indices.length === request.indices.length)) return frames;
  return decodeRanges(av, path, request, [{ first: 0, last }]);
}

async function decodeRanges(
  av: NodeAv,
  path: string,
  { indices, packets, timeline, options }: Request,
  ranges: readonly PacketRange[],
): Promise<ReadFrames> {
  const warnings: string[] = [];
  const slotOf = new Map(
    indices.map((index, slot) => [timeline.timed ? packets[timeline.order[index]!]!.pts! : BigInt(index), slot]),
  );
  const input = await openInput(av, path, options.bytes);
  const frames = collectRgb(av, path, indices);
  const frame = new av.Frame();
  frame.alloc();
  let shown = 0n;
  const onFrame = () => {
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
      await decode(packet);
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

/** True if shown before the key packet that opens its range: not requested, and not decodable without the group before. */
function isLeading(packets: readonly PacketTime[], { first }: PacketRange, position: number): boolean {
  const key = packets[first]?.pts;
  const pts = packets[position]?.pts;
  return first > 0 && key !== undefined && pts !== undefined && pts < key;
}
