/** Every frame of a generated file is ffmpeg's own, through both backends: `npm run check:long -- media`. */
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { type DecodeVideoOptions, decodeVideo, type VideoClip } from "../../src/media/decode-video.ts";
import { empty, levels, mediaFiles, notForCli, rotations } from "./media-files.ts";

const folder = mkdtempSync(join(tmpdir(), "media-files-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const backends = ["node-av", "ffmpeg"] as const;

/** The file, made with all that it is made of; undefined where this ffmpeg has no encoder for it. */
function make(name: string, args = mediaFiles[name]!): string | undefined {
  const path = join(folder, name);
  if (existsSync(path)) return path;
  const list = args.split(" ").map((arg) => (arg.startsWith("{") ? make(arg.slice(1, -1)) : arg));
  if (list.includes(undefined)) return undefined;
  const quiet = ["-v", "error", "-y", "-nostdin", "-threads", "1"];
  const { status } = spawnSync("ffmpeg", [...quiet, ...(list as string[]), path]);
  if (status === 0) return path;
  rmSync(path, { force: true });
  return undefined;
}

type Outcome = { clip: VideoClip } | { error: Error };

async function decode(path: string, options: DecodeVideoOptions): Promise<Outcome> {
  try {
    return { clip: await decodeVideo(path, { allowSingleFrame: true, ...options }) };
  } catch (error) {
    if (/cannot sample/.test((error as Error).message) && options.nframes !== 2)
      return await decode(path, { ...options, nframes: 2 });
    return { error: error as Error };
  }
}

/** Frames of the stream that FFmpeg's libraries choose, by the command line. */
function framesOfCli(path: string, { height, width, totalFrames, indices }: VideoClip, rotate: boolean): Buffer {
  const frameBytes = height * width * 3;
  for (const stream of [0, 1]) {
    const input = [...(rotate ? [] : ["-noautorotate"]), "-i", path, "-map", `0:V:${stream}`];
    const output = ["-fps_mode", "passthrough", "-f", "rawvideo", "-pix_fmt", "rgb24", "-sws_flags", "bilinear", "-"];
    const { stdout } = spawnSync("ffmpeg", ["-v", "quiet", ...input, ...output], { maxBuffer: 1 << 30 });
    if (stdout.length !== totalFrames * frameBytes) continue;
    return Buffer.concat(indices.map((i) => stdout.subarray(i * frameBytes, (i + 1) * frameBytes)));
  }
  throw new Error(`ffmpeg shows no ${totalFrames} frames of ${height} x ${width}`);
}

/** Mean difference of two pictures, in levels of 255. */
function difference(got: Uint8Array, right: Uint8Array): number {
  expect(got.length).toBe(right.length);
  let sum = 0;
  for (let i = 0; i < got.length; i++) sum += Math.abs(got[i]! - right[i]!);
  return sum / got.length;
}

interface Expected {
  rotate: boolean;
  /** Whether the command line turns the frames too. */
  cliRotates?: boolean;
  levels?: number;
}

async function check(path: string, { rotate, cliRotates = rotate, levels = 0 }: Expected): Promise<void> {
  const decoded = await Promise.all(backends.map((backend) => decode(path, { nframes: 8, backend, rotate })));
  for (const outcome of decoded) if ("error" in outcome) throw outcome.error;
  const clips = decoded.map((outcome) => (outcome as { clip: VideoClip }).clip);
  const [first, second] = clips.map(({ rgb, fps, durationSeconds, ...clip }) => clip);
  expect(first).toEqual(second);
  expect(clips[0]!.fps).toBeCloseTo(clips[1]!.fps, 2);
  const right = framesOfCli(path, clips[0]!, cliRotates);
  for (const [i, { rgb }] of clips.entries()) expect(difference(rgb, right), backends[i]!).toBeLessThanOrEqual(levels);
}

const hasFfmpeg = spawnSync("ffmpeg", ["-version"]).status === 0;
if (hasFfmpeg) console.log(execFileSync("ffmpeg", ["-version"], { encoding: "utf8" }).split("\n")[0]);

/** Files of codecs that some builds of ffmpeg cannot write. */
const isOptional = (name: string) => name.startsWith("codec-");

describe.skipIf(!hasFfmpeg)("every frame is ffmpeg's own", () => {
  test.each(Object.keys(mediaFiles))("%s", async (name) => {
    const path = make(name);
    if (path === undefined) return expect(isOptional(name), "ffmpeg did not make it").toBe(true);
    if (empty.includes(name)) return await expect(check(path, { rotate: false })).rejects.toThrow("Cannot decode");
    if (!(name in notForCli)) return await check(path, { rotate: false, levels: levels[name] ?? 0 });
    await expect(decode(path, { nframes: 8, backend: "ffmpeg" }), notForCli[name]).resolves.toHaveProperty("error");
    await expect(decode(path, { nframes: 8, backend: "node-av" })).resolves.toMatchObject({
      clip: { totalFrames: 50 },
    });
  });
});

describe.skipIf(!hasFfmpeg)("frames are turned by quarters, as ffmpeg turns them", () => {
  test.each(rotations)("$of by $degrees", async ({ of, degrees }) => {
    const from = make(of)!;
    const path = make(`turned-${degrees}-${of}`, `-i ${from} -c copy -metadata:s:v rotate=${degrees}`)!;
    await check(path, { rotate: true, cliRotates: degrees % 90 === 0 });
  });
});
