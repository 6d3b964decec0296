import { DecodeError } from "../errors.ts";

/** FFmpeg's demuxers that read other files or addresses, which the file names. */
const indirect = ["applehttp", "hls", "concat", "dash", "imf", "rtsp", "sdp", "avisynth", "vapoursynth"];

/** First bytes of files that such demuxers recognise. */
const heads = [/^#EXTM3U/, /^ffconcat version/, /^\[playlist\]/i, /^v=0\r?\n/, /^<\?xml|^<(MPD|SMIL|ASX|svg)\b/i];

/**
 * Refuses a file that names other files instead of holding media, so that none can lead out of the media root.
 *
 * @throws {DecodeError} If `formatName`, FFmpeg's names of the container, is such a format.
 */
export function refuseIndirect(path: string, formatName: string): void {
  if (formatName.split(",").some((name) => indirect.includes(name))) throw refusal(path);
}

/** {@link refuseIndirect} by the file's first bytes, before FFmpeg opens it. */
export function refuseIndirectHead(path: string, head: Buffer): void {
  const text = head
    .toString("latin1")
    .replace(/^\xef\xbb\xbf/, "")
    .trimStart();
  if (heads.some((pattern) => pattern.test(text))) throw refusal(path);
}

function refusal(path: string): DecodeError {
  return new DecodeError(path, "a playlist, which names other files, is not read", {
    hint: "Name the media file itself in the record, or leave the record out.",
  });
}
