import type { CodecContext, FormatContext, Frame, Packet, Stream } from "node-av/lib";
import { DecodeError } from "../errors.ts";
import type { NodeAv } from "./backend.ts";
import { refuseIndirect } from "./playlists.ts";

/** Up to this size of file and frame, a call takes less time than its hand-over to another thread. */
const inlineLimit = { bytes: 1 << 20, pixels: 256 * 256 };

/** A media file with its video stream selected. Close it. */
export interface Input {
  format: FormatContext;
  stream: Stream;
  /** Call FFmpeg on this thread instead of a pool thread. */
  inline: boolean;
}

/** @param bytes - size of the file. @throws {DecodeError} If the file is not a media file or has no video stream. */
export async function openInput(av: NodeAv, path: string, bytes: number): Promise<Input> {
  const isSmall = bytes <= inlineLimit.bytes;
  const format = new av.FormatContext();
  try {
    check(av, path, isSmall ? format.openInputSync(`file:${path}`) : await format.openInput(`file:${path}`));
    check(av, path, isSmall ? format.findStreamInfoSync() : await format.findStreamInfo());
    refuseIndirect(path, format.iformat?.name ?? "");
    const index = format.findBestStream(av.AVMEDIA_TYPE_VIDEO);
    const stream = format.streams[index];
    const isCover = stream?.hasDisposition(av.AV_DISPOSITION_ATTACHED_PIC);
    if (stream === undefined || isCover) throw new DecodeError(path, "no video stream");
    for (const other of format.streams) if (other.index !== index) other.discard = av.AVDISCARD_ALL;
    const { width, height } = stream.codecpar;
    return { format, stream, inline: isSmall && width * height <= inlineLimit.pixels };
  } catch (error) {
    format.closeInputSync();
    throw error;
  }
}

/** Opens a decoder of the input's video stream. Free it with `freeContext`. */
export async function openDecoder(av: NodeAv, path: string, { stream }: Input, threads: number): Promise<CodecContext> {
  const codec = av.Codec.findDecoder(stream.codecpar.codecId);
  if (codec === null) throw new DecodeError(path, `no decoder for codec ${stream.codecpar.codecId}`);
  const decoder = new av.CodecContext();
  decoder.allocContext3(codec);
  try {
    check(av, path, decoder.parametersToContext(stream.codecpar));
    decoder.pktTimebase = stream.timeBase;
    decoder.threadCount = threads;
    check(av, path, decoder.open2Sync(codec));
    return decoder;
  } catch (error) {
    decoder.freeContext();
    throw error;
  }
}

/**
 * Sends a packet (null: no more) and takes every frame that is ready; `frame` holds each while `onFrame` runs. FFmpeg decodes
 * while it is sent, so that a decoder without threads of its own hands frames over without delay.
 */
export async function decodePacket(
  av: NodeAv,
  decoder: CodecContext,
  packet: Packet | null,
  { frame, inline, warnings, onFrame }: { frame: Frame; inline: boolean; warnings: string[]; onFrame: () => void },
): Promise<void> {
  const sent = inline ? decoder.sendPacketSync(packet) : await decoder.sendPacket(packet);
  if (sent < 0) warnings.push(`a packet is refused: ${av.FFmpegError.strerror(sent)}`);
  const isReady = inline || decoder.threadCount === 1;
  for (;;) {
    const code = isReady ? decoder.receiveFrameSync(frame) : await decoder.receiveFrame(frame);
    if (code === av.AVERROR_EAGAIN || code === av.AVERROR_EOF) return;
    if (code < 0) {
      warnings.push(`a frame is lost: ${av.FFmpegError.strerror(code)}`);
      return;
    }
    if (frame.decodeErrorFlags !== 0 || frame.hasFlags(av.AV_FRAME_FLAG_CORRUPT)) warnings.push("a frame is damaged");
    onFrame();
    frame.unref();
  }
}

/** @throws {DecodeError} If `code` is one of FFmpeg's negative error codes. */
export function check(av: NodeAv, path: string, code: number): void {
  if (code < 0) throw new DecodeError(path, av.FFmpegError.strerror(code));
}
