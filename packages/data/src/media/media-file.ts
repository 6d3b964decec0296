import { closeSync, constants, fstatSync, openSync, readSync, statSync } from "node:fs";
import { DecodeError } from "../errors.ts";
import { gifBytes, pngBytes, type ReadBytes } from "./picture-bytes.ts";
import { refuseIndirectHead } from "./playlists.ts";

/** The size of a media file: on disk, and as its header declares it. */
export interface MediaFile {
  bytes: number;
  /** Size that the headers declare: of Matroska and WebM files that are not live, MP4, AVI, WebP, FLV, Ogg, GIF, PNG. */
  announcedBytes: number | undefined;
  /** Zero bytes at the end of a file whose format has none there: what was never written. */
  zeroBytes: number;
}

/** @throws {DecodeError} If there is no regular file at `path`, it is empty, or it only names other files. */
export function inspectFile(path: string): MediaFile {
  let descriptor: number;
  try {
    if (!statSync(path).isFile()) throw new DecodeError(path, "not a regular file"); // before opening: a pipe would wait
    descriptor = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch (cause) {
    if (cause instanceof DecodeError) throw cause;
    throw new DecodeError(path, (cause as Error).message, { cause });
  }
  try {
    const stats = fstatSync(descriptor);
    if (!stats.isFile()) throw new DecodeError(path, "not a regular file");
    if (stats.size === 0) throw new DecodeError(path, "the file is empty");
    const read = (start: number, length: number) => {
      const buffer = Buffer.alloc(length);
      return buffer.subarray(0, readSync(descriptor, buffer, 0, length, start));
    };
    const head = read(0, 4096);
    refuseIndirectHead(path, head.subarray(0, 64));
    const contentEnd = matroskaBytes(head.subarray(0, 64)) ?? gifBytes(head, stats.size, read);
    return {
      bytes: stats.size,
      announcedBytes:
        contentEnd ??
        pngBytes(head, stats.size, read) ??
        flvBytes(head) ??
        chunkedBytes(head, stats.size, read) ??
        oggBytes(head, stats.size, read),
      zeroBytes: hasNoZeroTail(head) ? zeroTail(Math.min(contentEnd ?? stats.size, stats.size), read) : 0,
    };
  } finally {
    closeSync(descriptor);
  }
}

/** End of the last box of an MP4 file, or of the last RIFF chunk of an AVI or WebP file, as their headers declare it. */
function chunkedBytes(head: Buffer, bytes: number, read: ReadBytes): number | undefined {
  const isRiff = head.toString("latin1", 0, 4) === "RIFF" && /^(AVI |WEBP)$/.test(head.toString("latin1", 8, 12));
  if (!isRiff && head.toString("latin1", 4, 8) !== "ftyp") return undefined;
  let end = 0;
  while (end < bytes) {
    const header = read(end, 16);
    const size = isRiff ? riffSize(header) : boxSize(header);
    if (size === undefined) return undefined;
    end += size;
  }
  return end;
}

/** Undefined for a chunk that is not RIFF (bytes after the end are ignored), or of unknown length. */
function riffSize(header: Buffer): number | undefined {
  if (header.length < 8 || header.toString("latin1", 0, 4) !== "RIFF") return undefined;
  const size = header.readUInt32LE(4);
  return size === 0 || size === 2 ** 32 - 1 ? undefined : 8 + size;
}

/** Boxes at the top of a file; FFmpeg passes over other bytes after them. @see ISO/IEC 14496-12 table 1, QuickTime File Format */
const topBoxes =
  /^(ftyp|styp|moov|moof|mdat|mfra|meta|meco|free|skip|wide|pnot|PICT|udta|uuid|sidx|ssix|prft|emsg|pdin|imda)$/;

/** Undefined for a box that reaches to the end of the file (0), or bytes that are no box of a file. */
function boxSize(header: Buffer): number | undefined {
  if (header.length < 8 || !topBoxes.test(header.toString("latin1", 4, 8))) return undefined;
  const size = header.readUInt32BE(0);
  if (size !== 1) return size >= 8 ? size : undefined;
  return header.length < 16 ? undefined : Math.max(Number(header.readBigUInt64BE(8)), 16);
}

/** End of the last page of an Ogg file, as its table of segments declares it. @see RFC 3533 */
function oggBytes(head: Buffer, bytes: number, read: ReadBytes): number | undefined {
  if (head.toString("latin1", 0, 4) !== "OggS") return undefined;
  const longest = 27 + 255 + 255 * 255;
  const tail = read(Math.max(0, bytes - longest), longest);
  const page = tail.lastIndexOf("OggS");
  const segments = tail[page + 26];
  if (page < 0 || segments === undefined) return undefined;
  const sizes = tail.subarray(page + 27, page + 27 + segments);
  if (sizes.length < segments) return bytes + segments - sizes.length;
  const end = page + 27 + segments + sizes.reduce((sum, size) => sum + size, 0);
  return bytes - tail.length + end;
}

/** The number that an FLV file's metadata names "filesize". */
function flvBytes(head: Buffer): number | undefined {
  if (head.toString("latin1", 0, 3) !== "FLV") return undefined;
  const name = head.indexOf(Buffer.from("\0\x08filesize\0", "latin1"));
  const value = name + 11;
  if (name < 0 || value + 8 > head.length) return undefined;
  const size = head.readDoubleBE(value);
  return Number.isSafeInteger(size) && size > 0 ? size : undefined;
}

/** Matroska, FLV, Ogg, ASF, MPEG-TS and GIF end in a packet or an index, never in zeros. */
function hasNoZeroTail(head: Buffer): boolean {
  const hex = head.toString("hex", 0, 4);
  return ["1a45dfa3", "4f676753", "3026b275"].includes(hex) || hex.startsWith("464c56") || hex.startsWith("47");
}

const shortestZeroTail = 256;

/** Zero bytes at the end, counted within the last MiB; 0 if fewer than would be seen by chance. */
function zeroTail(bytes: number, read: ReadBytes): number {
  if (read(Math.max(0, bytes - shortestZeroTail), shortestZeroTail).some((byte) => byte !== 0)) return 0;
  const length = Math.min(bytes, 1 << 20);
  const tail = read(bytes - length, length);
  return length - 1 - tail.findLastIndex((byte) => byte !== 0);
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
