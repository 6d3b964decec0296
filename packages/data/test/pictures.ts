import { spawnSync } from "node:child_process";

/**
 * Frames that tell where they come from: a soft gradient, a block that moves, and the frame number in the brightness of
 * the first row's pixels (bit b of it at column b).
 *
 * @returns uint8 [frames, height, width, 3].
 */
export function movingPictures(frames: number, height: number, width: number): Uint8Array {
  const rgb = new Uint8Array(frames * height * width * 3);
  for (let f = 0, i = 0; f < frames; f += 1) {
    for (let y = 0; y < height; y += 1) {
      for (let x = 0; x < width; x += 1, i += 3) {
        const inBlock = y > 0 && Math.abs(x - ((f * 3) % width)) < 4 && Math.abs(y - height / 2) < 4;
        const bit = y === 0 && x < 16 ? ((f >> x) & 1) * 255 : undefined;
        rgb[i] = bit ?? (inBlock ? 240 : Math.round((x / width) * 200));
        rgb[i + 1] = bit ?? (inBlock ? 30 : Math.round((y / height) * 200));
        rgb[i + 2] = bit ?? (inBlock ? 60 : 100);
      }
    }
  }
  return rgb;
}

/** Frame `index` of frames of `size` bytes. */
export function frameOf(rgb: Uint8Array, index: number, size: number): Uint8Array {
  return rgb.subarray(index * size, (index + 1) * size);
}

/** Mean absolute difference of two equally long pixel arrays, in grey levels. */
export function meanDifference(a: Uint8Array, b: Uint8Array): number {
  if (a.length !== b.length) throw new RangeError(`meanDifference: ${a.length} and ${b.length} bytes`);
  return a.reduce((sum, value, i) => sum + Math.abs(value - b[i]!), 0) / a.length;
}

/** Whether the command line tools are installed. */
export const hasFfmpeg = ["ffmpeg", "ffprobe"].every((tool) => spawnSync(tool, ["-version"]).status === 0);
if (!hasFfmpeg) console.warn("skipped: tests of the FFmpeg command line (ffmpeg, ffprobe are not on the PATH)");

/** Runs ffmpeg for a test file. */
export function ffmpeg(...args: string[]): void {
  const { status, stderr } = spawnSync("ffmpeg", ["-v", "error", "-y", ...args]);
  if (status !== 0) throw new Error(`ffmpeg ${args.join(" ")}: ${stderr}`);
}
