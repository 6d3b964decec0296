import { stat } from "node:fs/promises";
import { extname } from "node:path";
import { progress } from "@videor1/cli";
import { type Count, type Distribution, gather } from "@videor1/curation";
import {
  type Clip,
  DecodeError,
  decodeImage,
  loadVideo,
  MediaNotFoundError,
  mediaOf,
  resolveMedia,
} from "@videor1/data";
import { inOrder } from "../media/in-order.ts";
import type { ChosenMedia } from "./choose-media.ts";
import { videoCodec } from "./video-codec.ts";

/** What reading some media of a data set showed. */
export interface MediaSummary {
  /** Media asked for; those read and those failed sum to it. */
  asked: number;
  read: number;
  failed: { path: string; reason: string }[];
  seconds: number;
  /** Kinds of files: of videos their codec, else the ending of their name. */
  kinds: Count[];
  spreads: Record<MediaMeasure, Distribution | undefined>;
}

export type MediaMeasure = "seconds" | "frames a second" | "frames" | "width" | "height" | "megabytes";
const measures: readonly MediaMeasure[] = ["seconds", "frames a second", "frames", "width", "height", "megabytes"];

/** A record with some frames of its first medium. */
export interface Shown {
  media: ChosenMedia;
  clip: Clip;
}

export interface ReadMediaOptions {
  mediaRoot: string;
  concurrency: number;
  signal: AbortSignal;
  /** Of which media frames are kept. */
  isShown: (media: ChosenMedia) => boolean;
}

/** Frames that are decoded of a video: what a page shows, and enough to see that it can be read. */
const framesRead = 4;

/** Reads the first medium of each record. What cannot be read is counted and named. */
export async function readMedia(
  chosen: readonly ChosenMedia[],
  { mediaRoot, concurrency, signal, isShown }: ReadMediaOptions,
): Promise<{ summary: MediaSummary; shown: Shown[] }> {
  const spreads = new Map(
    measures.map((name) => [
      name,
      gather(name === "seconds" || name === "megabytes" || name === "frames a second" ? 0.01 : 1),
    ]),
  );
  const kinds = new Map<string, number>();
  const failed: MediaSummary["failed"] = [];
  const shown: Shown[] = [];
  const bar = chosen.length > 20 ? progress({ label: "media", total: chosen.length }) : undefined;
  const began = performance.now();
  let done = 0;
  for await (const outcome of inOrder(chosen, concurrency, (media) => readOne(media, mediaRoot, signal))) {
    signal.throwIfAborted();
    done += 1;
    bar?.update(done);
    if ("reason" in outcome) {
      failed.push(outcome);
      continue;
    }
    const { media, clip, values, kind } = outcome;
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    for (const [name, value] of Object.entries(values)) spreads.get(name as MediaMeasure)!.add(value);
    if (isShown(media)) shown.push({ media, clip });
  }
  bar?.stop();
  const summary: MediaSummary = {
    asked: chosen.length,
    read: chosen.length - failed.length,
    failed,
    seconds: (performance.now() - began) / 1000,
    kinds: [...kinds]
      .map(([name, records]) => ({ name, records }))
      .sort((a, b) => b.records - a.records || (a.name < b.name ? -1 : 1)),
    spreads: Object.fromEntries(measures.map((name) => [name, spreads.get(name)!.finish()])) as MediaSummary["spreads"],
  };
  return { summary, shown };
}

type Read = { media: ChosenMedia; clip: Clip; kind: string; values: Partial<Record<MediaMeasure, number>> };

async function readOne(
  media: ChosenMedia,
  root: string,
  signal: AbortSignal,
): Promise<Read | { path: string; reason: string }> {
  const [item] = mediaOf(media.example);
  const path = String([item!.path].flat()[0]);
  try {
    const ending = extname(path).slice(1).toLowerCase() || "without ending";
    const file = typeof item!.path === "string" ? await fileOf(root, path) : undefined;
    const megabytes = file === undefined ? {} : { megabytes: file.bytes / 1e6 };
    if (item!.kind === "image") {
      const clip = await decodeImage(await resolveMedia(root, path));
      return { media, clip, kind: ending, values: { width: clip.width, height: clip.height, ...megabytes } };
    }
    const clip = await loadVideo(root, item!, {
      nframes: framesRead,
      clampNframes: true,
      allowSingleFrame: true,
      signal,
    });
    const { totalFrames: frames, durationSeconds: seconds, width, height } = clip;
    const kind = file === undefined ? "frames in files" : [ending, videoCodec(file.real)].filter(Boolean).join(", ");
    const rate = seconds > 0 ? { seconds, "frames a second": frames / seconds } : {};
    return {
      media,
      clip,
      kind,
      values: { frames, width, height, ...rate, ...megabytes },
    };
  } catch (error) {
    if (error instanceof MediaNotFoundError || error instanceof DecodeError) return { path, reason: error.message };
    throw error;
  }
}

/** The real path of a file and its bytes; undefined if there is none. */
async function fileOf(root: string, path: string): Promise<{ real: string; bytes: number } | undefined> {
  try {
    const real = await resolveMedia(root, path);
    return { real, bytes: (await stat(real)).size };
  } catch (error) {
    if (error instanceof MediaNotFoundError) return undefined;
    throw error;
  }
}
