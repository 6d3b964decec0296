/** What records ask of their media, as qwen-vl-utils takes it in a message element (packages/data/test/golden/elements.json). */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Example, loadClips, MediaOptions, parseRecord } from "@videor1/data";
import { checkClipSize, parsePixelOptions, resizeClip, smartResize } from "@videor1/processor-qwen25vl";
import sharp from "sharp";
import { describe, expect, test } from "vitest";

interface Case {
  file: string;
  element: Record<string, number>;
  indices?: number[];
  sampleFps?: number;
  size?: [height: number, width: number];
  error?: string;
}

/** A list of `count` frames, see `drawFrame`; rows height / 2 of the first and the last frame after the resize. */
interface ListCase {
  count: number;
  element: Record<string, number>;
  frames: number;
  sampleFps: number;
  size: [height: number, width: number];
  middleRows: [first: number[], last: number[]];
}

const golden = new URL("../packages/data/test/golden/", import.meta.url);
const { cases, lists } = JSON.parse(readFileSync(new URL("elements.json", golden), "utf8")) as {
  cases: Case[];
  lists: ListCase[];
};
/** The constants of qwen-vl-utils, where Video-R1 has others. */
const media = MediaOptions.parse({
  mediaRoot: new URL("video", golden).pathname,
  maxFrames: 768,
  videoMaxPixels: 768 * 28 * 28,
  time: "real",
});
const pixels = parsePixelOptions({}, "video");
const processor = { image: pixels, video: pixels };

const loadClip = async (example: Example, options: MediaOptions) => (await loadClips(example, options))[0]!;

async function takenOf({ file, element }: Case) {
  const question = { problem_id: 1, problem: "?", problem_type: "free-form", solution: "<answer>x</answer>" };
  const record = { ...question, data_type: "video", path: file, ...element };
  const clip = await loadClip(parseRecord(record, { file: "test", index: 0 }), media);
  checkClipSize(clip, processor);
  const { minPixels, maxPixels, height, width, resizedHeight = height, resizedWidth = width } = clip;
  const limits = { factor: 28, minPixels, maxPixels, rules: clip.resizeRules };
  const size = smartResize({ height: resizedHeight, width: resizedWidth }, limits);
  return { indices: clip.indices, fps: clip.fps!, size: [size.height, size.width] };
}

describe.each([...new Set(cases.map(({ file }) => file))])("%s", (name) => {
  const own = cases.filter(({ file }) => file === name);

  test(`${own.length} elements`, async () => {
    for (const row of own) {
      const what = JSON.stringify(row.element);
      if (row.error !== undefined) {
        const name = expect.stringMatching(/^(Record|Decode|ImageSize)Error$/);
        await expect(takenOf(row), what).rejects.toMatchObject({ name, hint: expect.any(String) });
        continue;
      }
      const { indices, fps, size } = await takenOf(row);
      expect({ indices, size }, what).toEqual({ indices: row.indices, size: row.size });
      expect(fps, what).toBeCloseTo(row.sampleFps!, 9);
    }
  });
});

/** uint8 [112, 168, 3]: channel c at (y, x) of frame f is 3 x^2 + 7 x y + 5 y^2 + 50 c + 40 f modulo 251. */
function drawFrame(f: number): Uint8Array {
  return Uint8Array.from({ length: 112 * 168 * 3 }, (_, i) => {
    const [y, x, c] = [Math.floor(i / 3 / 168), Math.floor(i / 3) % 168, i % 3];
    return (3 * x * x + 7 * x * y + 5 * y * y + 50 * c + 40 * f) % 251;
  });
}

test.each(lists)("a list of $count frames, $element", async ({ count, element, ...right }) => {
  const folder = mkdtempSync(join(tmpdir(), "videor1-lists-"));
  try {
    const raw = { width: 168, height: 112, channels: 3 } as const;
    const paths = Array.from({ length: count }, (_, f) => `${f}.png`);
    for (const [f, path] of paths.entries()) await sharp(drawFrame(f), { raw }).png().toFile(join(folder, path));
    const question = { problem_id: 1, problem: "?", problem_type: "free-form", solution: "<answer>x</answer>" };
    const example = parseRecord(
      { ...question, data_type: "video", path: paths, ...element },
      { file: "test", index: 0 },
    );
    const clip = resizeClip(await loadClip(example, { ...media, mediaRoot: folder }), pixels);
    expect(clip).toMatchObject({ frames: right.frames, fps: right.sampleFps });
    expect(clip.indices).toEqual(Array.from({ length: right.frames }, (_, i) => Math.min(i, count - 1)));
    expect([clip.height, clip.width]).toEqual(right.size);
    for (const [frame, row] of [
      [0, right.middleRows[0]],
      [right.frames - 1, right.middleRows[1]],
    ] as const) {
      const start = (frame * clip.height + Math.floor(clip.height / 2)) * clip.width * 3;
      const off = row.map((value, i) => Math.abs(value - clip.rgb[start + i]!));
      expect(Math.max(...off)).toBeLessThanOrEqual(1);
      expect(off.filter((levels) => levels > 0).length / row.length).toBeLessThan(0.005);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});
