import { describe, expect, test } from "vitest";
import golden from "../test/golden/processor/pixels.json" with { type: "json" };
import { clipOf, readPixels } from "../test/processor-golden.ts";
import type { Clip } from "./clip.ts";
import { type PatchOptions, patchGrid, patchLength, writePatches } from "./patches.ts";
import { parsePixelOptions } from "./processor-config.ts";
import { resizeClip } from "./resize-clip.ts";

const pixels = await readPixels();
const options = parsePixelOptions({}, "image");

function patchesOf(clip: Clip, patchOptions: PatchOptions = options): Float32Array {
  const [t, h, w] = patchGrid(clip, patchOptions);
  const out = new Float32Array(t * h * w * patchLength(patchOptions)).fill(Number.NaN);
  writePatches(clip, patchOptions, out);
  return out;
}

const recorded = [
  ...golden.images.map((image) => ({ ...image, minPixels: golden.minPixels, maxPixels: golden.maxPixels })),
  ...golden.videos,
];

describe(`patches equal ${golden.source.model} (${golden.source.recordedWith})`, () => {
  test.each(recorded)("$name", ({ name, minPixels, maxPixels, resized, grid, tokens, ...sums }) => {
    const clip = resizeClip(clipOf(pixels, name), { ...options, minPixels, maxPixels });
    expect([clip.height, clip.width]).toEqual(resized);
    expect([...clip.rgb]).toEqual([...pixels.get(`${name}.resized_tv`)!.data]);
    expect(patchGrid(clip, options)).toEqual(grid);
    expect(grid.reduce((a, b) => a * b) / 4).toBe(tokens);

    const values = patchesOf(clip);
    const first = [...values.subarray(0, 8)];
    const last = [...values.subarray(-8)];
    for (const [i, value] of [...first, ...last].entries()) {
      expect(value).toBeCloseTo([...sums.first8, ...sums.last8][i]!, 6);
    }
    const sum = values.reduce((a, b) => a + b, 0);
    expect(Math.abs(sum - sums.sum)).toBeLessThan(golden.tolerance * values.length);
    const whole = pixels.get(`${name}.pixel_values_fast`) ?? pixels.get(`${name}.pixel_values_videos`);
    if (!whole) return;
    expect(whole.shape).toEqual([values.length / 1176, 1176]);
    expect(values.reduce((worst, value, i) => Math.max(worst, Math.abs(value - whole.data[i]!)), 0)).toBe(0);
  });

  test("six of them are compared value by value", () => {
    expect([...pixels.keys()].filter((key) => key.includes("pixel_values")).length).toBe(6);
  });
});

describe("order of rows and columns", () => {
  const tiny: PatchOptions = {
    ...options,
    patchSize: 1,
    mergeSize: 2,
    imageMean: [0, 0, 0],
    imageStd: [1 / 255, 1 / 255, 1 / 255],
  };
  const byte = (frame: number, y: number, x: number, channel: number) => frame * 100 + y * 20 + x * 4 + channel;
  const clip: Clip = { kind: "video", frames: 2, height: 2, width: 4, rgb: new Uint8Array(2 * 2 * 4 * 3) };
  for (let i = 0; i < clip.rgb.length; i++) {
    clip.rgb[i] = byte(Math.floor(i / 24), Math.floor((i % 24) / 12), Math.floor((i % 12) / 3), i % 3);
  }

  test("rows: merge group, then patch in it; columns: channel, then frame", () => {
    const rows = [
      [0, 0],
      [0, 1],
      [1, 0],
      [1, 1],
      [0, 2],
      [0, 3],
      [1, 2],
      [1, 3],
    ] as const;
    const columns = [
      [0, 0],
      [0, 1],
      [1, 0],
      [1, 1],
      [2, 0],
      [2, 1],
    ] as const;
    const expected = rows.flatMap(([y, x]) => columns.map(([channel, frame]) => byte(frame, y, x, channel)));
    expect([...patchesOf(clip, tiny)].map(Math.round)).toEqual(expected);
  });

  test("an odd last frame is repeated, as is the one of an image", () => {
    const three = { ...clip, frames: 3, rgb: Uint8Array.from([...clip.rgb, ...clip.rgb.subarray(0, 24)]) };
    const four = { ...clip, frames: 4, rgb: Uint8Array.from([...three.rgb, ...clip.rgb.subarray(0, 24)]) };
    expect(patchGrid(three, tiny)).toEqual([2, 2, 4]);
    expect(patchesOf(three, tiny)).toEqual(patchesOf(four, tiny));
    const image: Clip = { ...clip, kind: "image", frames: 1, rgb: clip.rgb.subarray(0, 24) };
    expect(patchesOf(image, tiny)).toEqual(
      patchesOf({ ...image, frames: 2, rgb: Uint8Array.from([...image.rgb, ...image.rgb]) }, tiny),
    );
  });

  test("sides that are no whole merge groups are an error", () => {
    expect(() => patchGrid({ ...clip, height: 3 }, tiny)).toThrow("3x4 pixels are no multiple of 2");
  });
});
