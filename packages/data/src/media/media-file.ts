import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { DecodeError } from "../errors.ts";

/** The size of a media file: on disk, and as its header declares it. */
export interface MediaFile {
  bytes: number;
  /** Size that the header declares; only Matroska and WebM files do, and only if not live. */
  announcedBytes: number | undefined;
}

/** @throws {DecodeError} If there is no regular file at `path`, or it is empty. */
export function inspectFile(path: string): MediaFile {
  let descriptor: number;
  try {
    descriptor = openSync(path, "r");
  } catch (cause) {
    throw new DecodeError(path, (cause as Error).message, { cause });
  }
  try {
    const stats = fstatSync(descriptor);
    if (!stats.isFile()) throw new DecodeError(path, "not a regular file");
    if (stats.size === 0) throw new DecodeError(path, "the file is empty");
    const head = Buffer.alloc(64);
    const length = readSync(descriptor, head, 0, head.length, 0);
    return { bytes: stats.size, announcedBytes: matroskaBytes(head.subarray(0, length)) };
  } finally {
    closeSync(descriptor);
  }
}

/** End of the Segment element, which holds all of a Matroska file after the EBML header. @see RFC 8794, RFC 9559 */
function matroskaBytes(head: Buffer): number | undefined {
  if (head.length < 4 || head.readUInt32BE(0) !== 0x1a45dfa3) return undefined;
  const header = elementSize(head, 4);
  if (header === undefined) return undefined;
  const segment = header.end + header.size;
  if (segment + 4 > head.length || head.readUInt32BE(segment) !== 0x18538067) return undefined;
  const body = elementSize(head, segment + 4);
  return body && body.end + body.size;
}

/** An EBML size of 1 to 8 bytes: the leading zero bits count the bytes after the first; all ones mean "unknown". */
function elementSize(head: Buffer, offset: number): { size: number; end: number } | undefined {
  const length = Math.clz32((head[offset] ?? 0) << 24) + 1;
  if (offset + length > head.length || length > 8) return undefined;
  const bits = BigInt(`0x${head.toString("hex", offset, offset + length)}`) & ((1n << BigInt(7 * length)) - 1n);
  if (bits === (1n << BigInt(7 * length)) - 1n) return undefined;
  return { size: Number(bits), end: offset + length };
}
