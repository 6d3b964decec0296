import type { CodecContext, Packet } from "node-av/lib";
import type { NodeAv } from "./backend.ts";
import { decodePacket, type Input, openDecoder, openInput } from "./node-av-input.ts";
import { describePacket, type FilePacket, isSamePacket, openPackets, seekPacket } from "./node-av-packets.ts";
import { collectRgb } from "./rgb-frames.ts";
import { type QuarterTurns, quarterTurns } from "./rotate-frames.ts";
import type { ReferenceJudge } from "./unreferenced.ts";
import { type PacketRange, type ReadFrames, rangesFor, type SourceOptions, type Timeline } from "./video-source.ts";

/** What the first pass over a video's packets found out. */
export interface Survey {
  packets: readonly FilePacket[];
  timeline: Timeline;
  /** The packets' marks of key packets are true. */
  trustKeys: boolean;
  /** Packets are found by an index. */
  hasIndex: boolean;
  /** Creates a judge of the pictures of a range, if the bitstream marks those that no other refers to. */
  judgeOf: (() => ReferenceJudge) | undefined;
}

/** Packets to decode, and the short cuts to take. */
interface Plan {
  ranges: readonly PacketRange[];
  seek: boolean;
  /** Decode the wanted pictures and those that others refer to. */
  leaveOut: boolean;
}

/**
 * Decodes the groups of pictures that hold the asked frames. Short cuts are checked, since seeking is inexact in several
 * containers: each packet must come again as the survey saw it, and each asked frame must come out without a complaint. Else
 * the file is read from its start, and at last decoded whole: a group may not be decodable by itself (a recovery point instead
 * of a true key frame).
 *
 * @param indices - ascending display positions.
 */
export async function readFrames(
  av: NodeAv,
  path: string,
  { indices, survey, options }: { indices: readonly number[]; survey: Survey; options: SourceOptions },
): Promise<ReadFrames> {
  const { packets, timeline, trustKeys, hasIndex, judgeOf } = survey;
  const ranges = rangesFor(indices, packets, timeline);
  const whole = [{ first: 0, last: options.whole ? packets.length - 1 : ranges.at(-1)!.last }];
  const plans: Plan[] = [];
  if (trustKeys && !options.whole) {
    if (timeline.timed && judgeOf) plans.push({ ranges, seek: hasIndex, leaveOut: true });
    if (ranges.length > 1 || ranges[0]!.first > 0) {
      if (hasIndex) plans.push({ ranges, seek: true, leaveOut: false });
      plans.push({ ranges, seek: false, leaveOut: false });
    }
  }
  for (const plan of plans) {
    const frames = await decodeRanges(av, path, { indices, survey, options, plan });
    if (frames?.warnings.length === 0 && frames.indices.length === indices.length) return frames;
  }
  const plan = { ranges: whole, seek: false, leaveOut: false };
  return (await decodeRanges(av, path, { indices, survey, options, plan }))!;
}

/** Packets to pass over that take as long as a seek. */
const seekDistance = 16;

/**
 * Undefined if a range after the first packet does not begin with a key frame, whatever its packet claims, if a packet is
 * another than the survey saw after a seek, or if it is in doubt what others refer to.
 */
async function decodeRanges(
  av: NodeAv,
  path: string,
  {
    indices,
    survey: { packets, timeline, judgeOf },
    options,
    plan,
  }: { indices: readonly number[]; survey: Survey; options: SourceOptions; plan: Plan },
): Promise<ReadFrames | undefined> {
  const warnings: string[] = [];
  const slotOf = new Map(
    indices.map((index, slot) => [timeline.timed ? packets[timeline.order[index]!]!.pts! : BigInt(index), slot]),
  );
  const input = await openInput(av, path, options.bytes);
  const frames = collectRgb(av, path, indices, options.rotate ? turnsOf(av, input) : 0);
  const reader = openPackets(av, input, { signal: options.signal, warnings });
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
    let position = -1; // of the reader's packet
    let hasSought = false;
    const advance = async () => {
      position += 1;
      return reader.next();
    };
    for (const { first, last } of plan.ranges) {
      if (position >= 0) decoder.flushBuffers();
      if (plan.seek && first - position > seekDistance) {
        if (!(await seekPacket(av, input, { reader, packets, position: first }))) return undefined;
        position = first;
        hasSought = true;
      }
      while (position < first) if (!(await advance())) return frames.result(warnings);
      opens = first > 0;
      const judge = plan.leaveOut ? judgeOf?.() : undefined;
      for (;;) {
        const packet = packets[position];
        if (hasSought && !isSamePacket(describePacket(av, reader.packet), packet)) return undefined;
        const reference = judge?.(reader.packet.data ?? Buffer.alloc(0));
        if (reference === "doubtful") return undefined;
        const isWanted = packet?.pts !== undefined && slotOf.has(packet.pts);
        if ((isWanted || reference !== "unreferenced") && !isLeading(packets, first, position)) {
          await decode(reader.packet);
          if (isBroken) return undefined;
        }
        if (position === last) break;
        if (!(await advance())) return frames.result(warnings);
      }
      await decode(null);
    }
    return frames.result(warnings);
  } finally {
    frames.close();
    reader.close();
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
function isLeading(packets: readonly FilePacket[], first: number, position: number): boolean {
  const key = packets[first]?.pts;
  const pts = packets[position]?.pts;
  return first > 0 && key !== undefined && pts !== undefined && pts < key;
}
