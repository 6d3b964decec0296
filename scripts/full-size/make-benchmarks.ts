import { linkSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { encodeVideo } from "@videor1/data";
import { type BenchmarkItem, readBenchmark } from "@videor1/eval";
import sharp from "sharp";
import { type WholeBenchmark, writeWhole } from "../../packages/eval/test/whole-benchmarks.ts";

export const wholeBenchmarks: readonly WholeBenchmark[] = [
  "vsi-bench",
  "video-mmmu",
  "mmvu",
  "mvbench",
  "tempcompass",
  "video-mme",
];

const size = 56;

/** Eight frames of a light square that goes to the right. */
function movingSquare(): Uint8Array {
  const frames = new Uint8Array(8 * size * size * 3).fill(40);
  const at = (frame: number, y: number, x: number) => ((frame * size + y) * size + x) * 3;
  for (let frame = 0; frame < 8; frame++)
    for (let y = 20; y < 36; y++) frames.fill(220, at(frame, y, 4 * frame), at(frame, y, 4 * frame + 16));
  return frames;
}

/**
 * Writes made-up files of the six benchmarks, as many records as the releases have, to a folder each, with one small clip and
 * one small picture under every name that a record has.
 *
 * @returns the number of items by benchmark.
 */
export async function makeBenchmarks(folder: string): Promise<Record<string, number>> {
  mkdirSync(folder, { recursive: true });
  const [clip, picture] = [join(folder, "clip.mp4"), join(folder, "picture.jpg")];
  const frames = movingSquare();
  await encodeVideo(clip, frames, { width: size, height: size, fps: 4 });
  await sharp(frames.subarray(0, size * size * 3), { raw: { width: size, height: size, channels: 3 } }).toFile(picture);
  const counts: Record<string, number> = {};
  for (const name of wholeBenchmarks) {
    const base = writeWhole(name, join(folder, name));
    const { items, mediaFolder } = await readBenchmark(name, base);
    const paths = new Set(items.flatMap(pathsOf));
    for (const path of paths) link(/\.(jpe?g|png)$/i.test(path) ? picture : clip, join(mediaFolder, path));
    counts[name] = items.length;
  }
  return counts;
}

const pathsOf = ({ media }: BenchmarkItem): string[] => media.flatMap(({ path }) => path);

function link(file: string, name: string): void {
  mkdirSync(dirname(name), { recursive: true });
  linkSync(file, name);
}
