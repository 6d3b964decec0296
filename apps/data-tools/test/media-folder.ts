import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encodeVideo } from "@videor1/data";
import sharp from "sharp";

const size = { width: 56, height: 56 };
const frameBytes = size.width * size.height * 3;

/** Frames that differ from each other and from those of another `hue`. */
const framesOf = (frames: number, hue: number): Uint8Array =>
  Uint8Array.from(
    { length: frames * frameBytes },
    (_, i) => (13 * Math.floor(i / frameBytes) + hue * (i % 3) + i) % 251,
  );

/** A video of `frames` frames, 8 a second. */
export const writeVideo = (path: string, frames: number, hue: number): Promise<void> =>
  encodeVideo(path, framesOf(frames, hue), { ...size, fps: 8, lossless: true });

/**
 * A temporary folder with media/a.mp4, b.mp4 and c.mp4 of 16 frames, i.png, list/0.png to 2.png, one broken video, and a link that
 * leads out of the folder media.
 */
export async function mediaFolder(): Promise<{ folder: string; mediaRoot: string }> {
  const folder = mkdtempSync(join(tmpdir(), "data-tools-"));
  const mediaRoot = join(folder, "media");
  mkdirSync(join(mediaRoot, "list"), { recursive: true });
  await Promise.all(["a", "b", "c"].map((name, i) => writeVideo(join(mediaRoot, `${name}.mp4`), 16, 40 * i)));
  const picture = (hue: number) => sharp(framesOf(1, hue), { raw: { ...size, channels: 3 } }).png();
  await picture(0).toFile(join(mediaRoot, "i.png"));
  for (const i of [0, 1, 2]) await picture(30 * i).toFile(join(mediaRoot, `list/${i}.png`));
  writeFileSync(join(mediaRoot, "broken.mp4"), Buffer.alloc(3000, 7));
  writeFileSync(join(folder, "secret.mp4"), "secret");
  symlinkSync(join(folder, "secret.mp4"), join(mediaRoot, "link.mp4"));
  return { folder, mediaRoot };
}

/** A record about a video, or with other fields. */
export const videoRecord = (problem_id: number | string, path: unknown, more: object = {}) => ({
  problem_id,
  problem: "What is shown?",
  problem_type: "free-form",
  data_type: "video",
  solution: "<answer>stripes</answer>",
  path,
  ...more,
});

/** Records of the folder of {@link mediaFolder}: 8 that decode and 6 that do not, each for a reason of its own. */
export const mixedRecords = [
  videoRecord(1, "./a.mp4", { note: "kept as it is" }),
  videoRecord(2, "a.mp4"),
  videoRecord(3, "b.mp4", { nframes: 8 }),
  videoRecord("four", "i.png", { data_type: "image" }),
  videoRecord(5, "broken.mp4"),
  videoRecord(6, "absent.mp4"),
  videoRecord(7, "../secret.mp4"),
  videoRecord(8, "link.mp4"),
  { ...videoRecord(9, "a.mp4"), solution: "stripes" },
  videoRecord(10, ["list/0.png", "list/1.png", "list/2.png"]),
  videoRecord(11, "list"),
  videoRecord(12, "c.mp4", { video_start: 1 }),
  videoRecord(13, undefined, { data_type: undefined, images: ["i.png"], videos: ["c.mp4", "absent.mp4"] }),
  videoRecord(14, "c.mp4", { nframes: 4 }),
];
