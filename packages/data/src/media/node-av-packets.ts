import { setImmediate } from "node:timers/promises";
import type { Packet } from "node-av/lib";
import type { NodeAv } from "./backend.ts";
import type { Input } from "./node-av-input.ts";
import type { PacketTime } from "./video-source.ts";

/** A packet as it was found in the file. */
export interface FilePacket extends PacketTime {
  /** Byte position in the file; -1 where the container does not tell. */
  pos: bigint;
  /** Bytes. */
  size: number;
}

/** @param packet - a packet of the video stream. */
export function describePacket(av: NodeAv, packet: Packet): FilePacket {
  const { pts, dts, duration, flags, pos, size } = packet;
  return {
    pts: pts === av.AV_NOPTS_VALUE ? undefined : pts,
    dts: dts === av.AV_NOPTS_VALUE ? undefined : dts,
    duration,
    key: (flags & av.AV_PKT_FLAG_KEY) !== 0,
    discard: (flags & av.AV_PKT_FLAG_DISCARD) !== 0,
    pos,
    size,
  };
}

/** Reads the video packets in file order. Close it. */
export interface PacketReader {
  /** The packet that `next` found last; valid until the next call. */
  packet: Packet;
  /** False at the end. A promise only where others get their turn or the disk is waited for. */
  next(): boolean | Promise<boolean>;
  close(): void;
}

/** So long this thread reads before others get their turn. */
const turnMilliseconds = 5;
/** A call that takes longer has waited for the disk; a pool thread then makes the next ones. */
const waitMilliseconds = 2;
const pooledCalls = 64;

/**
 * Opens a reader at the place where the input stands. It ends early, with a warning, at damage. Empty packets, by which Theora
 * repeats a frame, are left out, as FFmpeg's command line does.
 *
 * Packets of a file in memory take microseconds, a tenth of a hand-over to another thread, so this thread reads them.
 */
export function openPackets(
  av: NodeAv,
  { format, stream: { index } }: Input,
  { signal, warnings }: { signal: AbortSignal; warnings: string[] },
): PacketReader {
  const packet = new av.Packet();
  packet.alloc();
  let turn = Number.NEGATIVE_INFINITY; // the first call gives others their turn, and sees a signal that has aborted
  let pooled = 0;

  /** Undefined for a packet to pass over. */
  const judge = (code: number): boolean | undefined => {
    if (code >= 0) return packet.streamIndex === index && packet.size > 0 ? true : undefined;
    if (code !== av.AVERROR_EOF) warnings.push(`reading ends early: ${av.FFmpegError.strerror(code)}`);
    return false;
  };

  const next = (): boolean | Promise<boolean> => {
    while (pooled === 0) {
      const start = performance.now();
      if (start - turn > turnMilliseconds) break;
      packet.unref();
      const found = judge(format.readFrameSync(packet));
      if (performance.now() - start > waitMilliseconds) pooled = pooledCalls;
      if (found !== undefined) return found;
    }
    return nextLater();
  };

  const nextLater = async (): Promise<boolean> => {
    signal.throwIfAborted();
    while (pooled > 0) {
      pooled -= 1;
      packet.unref();
      const found = judge(await format.readFrame(packet));
      signal.throwIfAborted();
      if (found !== undefined) return found;
    }
    await setImmediate();
    signal.throwIfAborted();
    turn = performance.now();
    return next();
  };

  return { packet, next, close: () => packet.free() };
}

/** True if the container has an index by which `seekPacket` finds a packet at once. */
export function hasIndex({ format }: Input): boolean {
  return /^(mov|matroska)\b/.test(format.iformat?.name ?? "");
}

/**
 * Seeks to packets[position], a key packet, so that it is `reader.packet`. False if it does not come again just as it was when
 * the whole file was read: then the file must be read from its start.
 */
export async function seekPacket(
  av: NodeAv,
  { format, stream }: Input,
  { reader, packets, position }: { reader: PacketReader; packets: readonly FilePacket[]; position: number },
): Promise<boolean> {
  const target = packets[position]!;
  const isMatroska = format.iformat?.name?.startsWith("matroska"); // its index holds display times, that of MP4 decoding times
  const time = isMatroska ? target.pts : target.dts;
  if (time === undefined || target.pts === undefined) return false;
  if ((await format.seekFrame(stream.index, time, av.AVSEEK_FLAG_BACKWARD)) < 0) return false;
  for (let reads = 0; reads <= position && (await reader.next()); reads += 1) {
    const found = describePacket(av, reader.packet);
    if (isSamePacket(found, target)) return true;
    if (reads === 0 && (found.pts === undefined || found.pts > target.pts)) return false; // beyond it
  }
  return false;
}

/** Decoding times are left out: Matroska has none, and FFmpeg guesses them from the packets before. */
export function isSamePacket(a: FilePacket, b: FilePacket | undefined): boolean {
  return (
    b !== undefined &&
    a.pts === b.pts &&
    a.pos === b.pos &&
    a.size === b.size &&
    a.key === b.key &&
    a.discard === b.discard
  );
}
