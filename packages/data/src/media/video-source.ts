/** Frames that a backend read: `indices` are those it could read, ascending. */
export interface ReadFrames {
  /** uint8 [indices.length, height, width, 3], RGB, native size. */
  rgb: Uint8Array;
  height: number;
  width: number;
  indices: number[];
  /** Faults met while reading; empty for a clean read. */
  warnings: string[];
}

/** An opened video: its frames in display order, without those that an edit list hides. */
export interface VideoSource {
  totalFrames: number;
  /** Average frames per second. */
  fps: number;
  durationSeconds: number;
  /** Seconds from the first frame to each of those; undefined if the container does not tell. */
  secondsOf(indices: readonly number[]): number[] | undefined;
  /** Faults of the container; empty for a sound file. */
  warnings: string[];
  /** @param indices - ascending, distinct display positions in 0..totalFrames-1. */
  read(indices: readonly number[]): Promise<ReadFrames>;
}

export interface SourceOptions {
  /** Size of the file. */
  bytes: number;
  /** Decoder threads. */
  threads: number;
  /** Decode all of the file, not only what the frames need. */
  whole: boolean;
  /** Turn the pictures as the file's display matrix says. */
  rotate: boolean;
  /** Aborts by a timeout or by the caller. */
  signal: AbortSignal;
}

/** One packet of the video stream, in file order. Times are in units of the stream's time base. */
export interface PacketTime {
  pts: bigint | undefined;
  dts: bigint | undefined;
  duration: bigint;
  key: boolean;
  /** Decoded but not shown: outside the edit list. */
  discard: boolean;
}

/** The display order of a video, from its packets: the only count that holds in every container. */
export interface Timeline {
  /** Shown packets in display order, as positions in file order. */
  order: number[];
  /** Every shown packet has a time of its own, which identifies its decoded frame. */
  timed: boolean;
  durationSeconds: number;
}

/**
 * Shown packets sorted by presentation time (decoding time where a container has no other).
 *
 * @param secondsPerTick - the stream's time base.
 */
export function timelineOf(packets: readonly PacketTime[], secondsPerTick: number): Timeline {
  const shown = packets.flatMap(({ discard }, position) => (discard ? [] : [position]));
  const times = shown.flatMap((position) => packets[position]!.pts ?? []);
  const timed = times.length === shown.length && new Set(times).size === shown.length;
  const order = timed ? shown.sort((a, b) => compare(packets[a]!.pts!, packets[b]!.pts!)) : shown;
  const ticks = order
    .map((position) => packets[position]!.pts ?? packets[position]!.dts)
    .filter((t) => t !== undefined);
  const last = packets[order.at(-1) ?? 0]?.duration ?? 0n;
  const durationTicks = ticks.length === 0 ? 0n : ticks.at(-1)! - ticks[0]! + last;
  return { order, timed, durationSeconds: Number(durationTicks) * secondsPerTick };
}

/** Seconds from the first shown frame to each of `indices`; undefined if not every frame has a time of its own. */
export function secondsOf(
  indices: readonly number[],
  packets: readonly PacketTime[],
  { order, timed }: Timeline,
  secondsPerTick: number,
): number[] | undefined {
  if (!timed || order.length === 0) return undefined;
  const timeOf = (index: number): bigint => packets[order[index]!]!.pts!;
  return indices.map((index) => Number(timeOf(index) - timeOf(0)) * secondsPerTick);
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** A stretch of packets in file order to decode from a clean decoder: `first` is a key packet (or 0). */
export interface PacketRange {
  first: number;
  last: number;
}

/** Packets that a decoder may want before it shows the first of them: more than any codec reorders. */
const longestDelay = 32;

/**
 * The packets that must be decoded to see `indices`: for each, from the last key packet that precedes it in the file
 * and is not shown after it (so that the leading pictures of an open group come from the group before). Frames without times
 * are counted as they come out, which pictures shown earlier and coded later must not change.
 */
export function rangesFor(
  indices: readonly number[],
  packets: readonly PacketTime[],
  { order, timed }: Timeline,
): PacketRange[] {
  const positions = indices.map((index) => order[index]!);
  if (!timed) return [{ first: 0, last: Math.min(Math.max(...positions) + longestDelay, packets.length - 1) }];
  const ranges: PacketRange[] = [];
  for (const last of positions.sort((a, b) => a - b)) {
    let first = last;
    while (first > 0 && !opensGroup(packets[first]!, packets[last]!)) first -= 1;
    while (ranges.length > 0 && first <= ranges.at(-1)!.last) first = Math.min(first, ranges.pop()!.first);
    ranges.push({ first, last });
  }
  return ranges;
}

function opensGroup(key: PacketTime, target: PacketTime): boolean {
  return key.key && key.pts !== undefined && target.pts !== undefined && key.pts <= target.pts;
}

/**
 * Positions of packets shown before the key packet that opens the file: leading pictures, whose group was cut off. Some
 * decoders show them (HEVC's RADL), most cannot. Matroska gives no time to those before its zero.
 */
export function leadingPackets(packets: readonly PacketTime[]): number[] {
  const first = packets[0];
  if (!first?.key || first.discard) return [];
  if (first.pts === undefined) {
    // MPEG-PS gives some packets a time: B pictures, shown when decoded, that follow the key packet at once.
    const end = packets.findIndex(({ pts, dts }, i) => i > 0 && (pts === undefined || pts !== dts));
    return [...packets.keys()].slice(1, Math.max(end, 1));
  }
  const nextKey = packets.findIndex(({ key }, i) => i > 0 && key);
  const groupEnd = nextKey < 0 ? packets.length : nextKey;
  const isLeading = ({ pts, discard }: PacketTime) => !discard && (pts === undefined || pts < first.pts!);
  return packets.slice(0, groupEnd).flatMap((packet, i) => (isLeading(packet) ? [i] : []));
}

/**
 * Marks those `leading` packets as not shown that do not come out of the decoder.
 *
 * @param shown - Times of the frames that come out of the packets up to the last leading one.
 */
export function hideLeading(
  packets: PacketTime[],
  leading: readonly number[],
  shown: readonly (bigint | undefined)[],
): void {
  const isShort = shown.length <= leading.at(-1)! + 1 - leading.length;
  for (const position of leading) {
    const packet = packets[position]!;
    if (packet.pts === undefined ? isShort : !shown.includes(packet.pts)) packet.discard = true;
  }
}

/** True if the container declares a frame rate; GIF and APNG only have a delay for each frame, so theirs is a guess. */
export function hasOwnRate(formatName: string): boolean {
  return formatName !== "gif" && formatName !== "apng";
}
