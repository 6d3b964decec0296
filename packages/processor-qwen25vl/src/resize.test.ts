import { describe, expect, test } from "vitest";
import { clipOf, readPixels } from "../test/processor-golden.ts";
import { type ResizeVariant, resizeBicubic } from "./resize.ts";

const pixels = await readPixels();
const suffixes: Record<string, readonly ResizeVariant[]> = {
  resized_tv: ["torchvision"],
  resized_pil13: ["pillow13"],
  resized_pil12: ["pillow12"],
};
const cases = [...pixels.keys()].flatMap((key) => {
  const [name = "", suffix = ""] = key.split(".");
  return (suffixes[suffix] ?? []).map((variant) => ({ key, name, variant }));
});

describe("resizeBicubic equals torchvision 0.27, Pillow 13 and Pillow 12, byte for byte", () => {
  test.each(cases)("$key", ({ key, name, variant }) => {
    const expected = pixels.get(key)!;
    const clip = clipOf(pixels, name);
    const [width = 0, height = 0] = [...expected.shape].reverse().slice(1);
    const resized = resizeBicubic(clip.rgb, clip, { height, width }, variant);
    expect(resized.length).toBe(expected.data.length);
    expect(resized.findIndex((byte, index) => byte !== expected.data[index])).toBe(-1);
  });

  test("there are images and videos among them, and all three variants", () => {
    const count = (variant: ResizeVariant) => cases.filter((row) => row.variant === variant).length;
    expect([count("torchvision"), count("pillow13"), count("pillow12")]).toEqual([14, 11, 1]);
  });
});

test("where passes keep their order Pillow 12 equals Pillow 13", () => {
  const clip = clipOf(pixels, "rgb_75x100");
  const to = { height: 84, width: 112 };
  expect(resizeBicubic(clip.rgb, clip, to, "pillow12")).toEqual(resizeBicubic(clip.rgb, clip, to, "pillow13"));
});

test("the right size is returned as it is, one changed axis changes that axis only", () => {
  const clip = clipOf(pixels, "v2_30x44");
  expect(resizeBicubic(clip.rgb, clip, clip)).toBe(clip.rgb);
  const columns = new Uint8Array(2 * 3 * 3).map((_, i) => (i % 9) * 20);
  const taller = resizeBicubic(columns, { height: 2, width: 3 }, { height: 5, width: 3 });
  expect([...taller]).toEqual(Array.from({ length: 5 }, () => [...columns.subarray(0, 9)]).flat());
});

test("a constant frame stays constant, whatever the sizes", () => {
  for (const value of [0, 1, 127, 255]) {
    for (const side of [1, 2, 13, 90, 300]) {
      const rgb = new Uint8Array(side * (side + 5) * 3).fill(value);
      const resized = resizeBicubic(rgb, { height: side, width: side + 5 }, { height: 56, width: 28 });
      expect(resized.every((byte) => byte === value)).toBe(true);
    }
  }
});

test("bytes that are no frames, and empty targets, are errors", () => {
  expect(() => resizeBicubic(new Uint8Array(10), { height: 2, width: 2 }, { height: 4, width: 4 })).toThrow("10 bytes");
  expect(() => resizeBicubic(new Uint8Array(12), { height: 2, width: 2 }, { height: 0, width: 4 })).toThrow(
    "0x4 is empty",
  );
});
