import { closeSync, fstatSync, openSync, readSync } from "node:fs";

/** Names of codecs by what containers call them: four characters of MP4 and AVI, words of Matroska. */
const names: Readonly<Record<string, string>> = {
  avc1: "H.264",
  avc3: "H.264",
  h264: "H.264",
  x264: "H.264",
  "v_mpeg4/iso/avc": "H.264",
  hvc1: "HEVC",
  hev1: "HEVC",
  hevc: "HEVC",
  "v_mpegh/iso/hevc": "HEVC",
  av01: "AV1",
  v_av1: "AV1",
  vp08: "VP8",
  v_vp8: "VP8",
  vp09: "VP9",
  v_vp9: "VP9",
  mp4v: "MPEG-4",
  xvid: "MPEG-4",
  divx: "MPEG-4",
  dx50: "MPEG-4",
  "v_mpeg4/iso/asp": "MPEG-4",
  v_mpeg2: "MPEG-2",
  mjpg: "Motion JPEG",
  mjpa: "Motion JPEG",
};

type Read = (start: number, length: number) => Buffer;

/**
 * The codec that an MP4, QuickTime, Matroska, WebM or AVI file names for its first video; undefined where none is found. A file is
 * not decoded, and of it only headers are read.
 *
 * @see ISO/IEC 14496-12 8.5.2; RFC 9559 5.1.4.1.21; AVI RIFF reference, AVISTREAMHEADER
 */
export function videoCodec(path: string): string | undefined {
  const file = openSync(path, "r");
  try {
    const read: Read = (start, length) => {
      const buffer = Buffer.alloc(length);
      return buffer.subarray(0, readSync(file, buffer, 0, length, start));
    };
    const head = read(0, 1 << 16);
    const named =
      head.toString("latin1", 4, 8) === "ftyp" ? sampleEntry(read, 0, fstatSync(file).size, 0) : nameIn(head);
    return named === undefined ? undefined : (names[named.toLowerCase()] ?? named.trim());
  } finally {
    closeSync(file);
  }
}

/** Matroska's CodecID of a video, or the handler of an AVI stream. */
function nameIn(head: Buffer): string | undefined {
  const text = head.toString("latin1");
  if (head.length >= 4 && head.readUInt32BE(0) === 0x1a45dfa3) return /V_[A-Z0-9]+(?:\/[A-Z0-9]+)*/.exec(text)?.[0];
  return text.startsWith("RIFF") ? /strh.{4}vids([\w ]{4})/s.exec(text)?.[1] : undefined;
}

/** Boxes between the top and the sample entry. */
const containers = ["moov", "trak", "mdia", "minf", "stbl"];

/** The first sample entry below a video media header, among boxes from `start` to `end`. */
function sampleEntry(read: Read, start: number, end: number, depth: number): string | undefined {
  let isVideo = false;
  for (let at = start, boxes = 0; at + 8 <= end && boxes < 4096; boxes++) {
    const header = read(at, 16);
    if (header.length < 8) return undefined;
    const [size, type] = [header.readUInt32BE(0), header.toString("latin1", 4, 8)];
    const isLong = size === 1 && header.length === 16;
    const length = isLong ? Number(header.readBigUInt64BE(8)) : size === 0 ? end - at : size;
    if (length < 8) return undefined;
    if (type === "vmhd") isVideo = true;
    const inside = at + (isLong ? 16 : 8);
    if (type === "stsd") {
      const entry = read(inside + 8, 8);
      return entry.length === 8 ? entry.toString("latin1", 4) : undefined;
    }
    if (type === containers[depth] && (isVideo || type !== "stbl")) {
      const found = sampleEntry(read, inside, Math.min(at + length, end), depth + 1);
      if (found !== undefined) return found;
    }
    at += length;
  }
  return undefined;
}
