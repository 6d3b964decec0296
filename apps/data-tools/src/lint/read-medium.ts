import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { type FrameFingerprint, frameFingerprint, type ReadMedium } from "@videor1/curation";
import {
  type Clip,
  DecodeError,
  decodeImage,
  loadVideo,
  type MediaItem,
  MediaNotFoundError,
  resolveMedia,
} from "@videor1/data";
import type { Journal } from "../files/journal.ts";

/** A medium's file or files, and its kind. */
export type Medium = Pick<MediaItem, "kind" | "path" | "sampleFps">;

/** What was read of a file before, by its path, size and time of change. */
export type MediaCache = Journal<CachedMedium>;

interface CachedMedium {
  sha256: string;
  totalFrames?: number | undefined;
  /** Bits and colours of each frame, as base64. */
  frames: [bits: string, colors: string][];
}

/** Frames that are decoded of a video, evenly spread; the last, which encoders cut off, is not looked at. */
const framesDecoded = 4;

/**
 * Reads a medium: the hash of its bytes and the fingerprints of its first frame and of those at one and two thirds. What is not
 * there or cannot be decoded is an outcome, no error.
 */
export async function readMedium(
  root: string,
  medium: Medium,
  { cache, signal }: { cache: MediaCache | undefined; signal: AbortSignal },
): Promise<ReadMedium> {
  try {
    const file = typeof medium.path === "string" ? await fileOf(root, medium.path) : undefined;
    const known = file && cache?.read(file.key);
    if (known) return readAgain(known);
    const sha256 = file && (await hashOf(file.real, signal));
    const { clip, totalFrames } = await decode(root, medium, signal);
    const frames = fingerprintsOf(clip);
    if (file && sha256) cache?.add(file.key, { sha256, totalFrames, frames: frames.map(packed) });
    return { status: "read", sha256, totalFrames, frames };
  } catch (error) {
    if (error instanceof MediaNotFoundError) return { status: "missing", reason: error.message };
    if (error instanceof DecodeError) return { status: "unreadable", reason: error.message };
    throw error;
  }
}

/** A file's real path, and what it is known by; undefined for a folder. */
async function fileOf(root: string, path: string): Promise<{ real: string; key: string } | undefined> {
  try {
    const real = await resolveMedia(root, path);
    const { size, mtimeMs } = await stat(real);
    return { real, key: `${path}|${size}|${mtimeMs}` };
  } catch (error) {
    if (error instanceof MediaNotFoundError) return undefined; // a folder of frames; what is not there fails when it is decoded
    throw error;
  }
}

async function hashOf(file: string, signal: AbortSignal): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(file, { signal, highWaterMark: 1 << 20 })) hash.update(chunk as Buffer);
  return hash.digest("hex");
}

async function decode(root: string, { kind, path, sampleFps }: Medium, signal: AbortSignal) {
  if (kind === "image")
    return { clip: await decodeImage(await resolveMedia(root, String(path))), totalFrames: undefined };
  const options = { nframes: framesDecoded, clampNframes: true, allowSingleFrame: true, signal };
  const clip = await loadVideo(root, { path, sampleFps }, options);
  return { clip, totalFrames: clip.totalFrames };
}

function fingerprintsOf({ kind, rgb, frames, width, height }: Clip): FrameFingerprint[] {
  const bytes = width * height * 3;
  const taken = kind === "image" ? 1 : Math.min(frames, framesDecoded - 1);
  return Array.from({ length: taken }, (_, f) =>
    frameFingerprint({ rgb: rgb.subarray(f * bytes, (f + 1) * bytes), width, height }),
  );
}

const packed = ({ bits, colors }: FrameFingerprint): [string, string] => [
  Buffer.from(bits.buffer, bits.byteOffset, bits.byteLength).toString("base64"),
  Buffer.from(colors).toString("base64"),
];

function readAgain({ sha256, totalFrames, frames }: CachedMedium): ReadMedium {
  const unpacked = frames.map(([bits, colors]): FrameFingerprint => {
    const bytes = Uint8Array.from(Buffer.from(bits, "base64"));
    return { bits: new Uint16Array(bytes.buffer), colors: Uint8Array.from(Buffer.from(colors, "base64")) };
  });
  return { status: "read", sha256, totalFrames, frames: unpacked };
}
