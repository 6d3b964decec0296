// How long do small training clips take? 16 frames of 56x56 pixels, written and read, one after the other.
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { decodeVideo, encodeVideo } from "../src/index.ts";
import { meanDifference, movingPictures } from "../test/pictures.ts";

const shape = { width: 56, height: 56, fps: 8 };
const rgb = movingPictures(16, shape.height, shape.width);
const folder = mkdtempSync(join(tmpdir(), "videor1-bench-"));
const path = join(folder, "clip.mp4");

/** Median milliseconds of `action`, after as many runs to warm up. */
async function milliseconds(action: () => Promise<unknown>, repeats = 200): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < 2 * repeats; i += 1) {
    const start = performance.now();
    await action();
    times.push(performance.now() - start);
  }
  return times.slice(repeats).sort((a, b) => a - b)[repeats / 2]!;
}

console.log(`${cpus()[0]?.model}, Node ${process.version}`);
for (const quality of [{ lossless: true }, { crf: 12 }, { crf: 18 }]) {
  const encodeMs = await milliseconds(() => encodeVideo(path, rgb, { ...shape, ...quality }));
  const decodeMs = await milliseconds(() => decodeVideo(path, { nframes: 16 }));
  const error = meanDifference((await decodeVideo(path, { nframes: 16 })).rgb, rgb);
  const numbers = { encodeMs: encodeMs.toFixed(2), decodeMs: decodeMs.toFixed(2), meanError: error.toFixed(3) };
  console.log(JSON.stringify({ ...quality, ...numbers, bytes: statSync(path).size }));
}
rmSync(folder, { recursive: true });
