import { expect, test } from "vitest";
import { createAlikeFinder } from "./alike.ts";
import { frameFingerprint } from "./fingerprint.ts";

/** A picture of bright squares on a ground, at places that the seed gives. */
function picture(seed: number, { width = 72, height = 72, noise = 0, shade = 0 } = {}) {
  const rgb = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const box = Math.floor((x * 6) / width) + 6 * Math.floor((y * 6) / height);
      const isBright = ((box * 2654435761 + seed * 40503) >>> 7) % 3 === 0;
      const jitter = noise === 0 ? 0 : ((x * 31 + y * 17 + seed) % (2 * noise)) - noise;
      for (let c = 0; c < 3; c++) rgb[(y * width + x) * 3 + c] = (isBright ? 190 : 60) + jitter + shade * c;
    }
  return { rgb, width, height };
}

test("bits are the signs of differences to the right and below, colours the means of sixteen parts", () => {
  const [width, height] = [9, 9];
  const rgb = new Uint8Array(width * height * 3);
  for (let y = 0; y < 9; y++) for (let x = 0; x < 9; x++) rgb.fill(20 * x + y, (y * 9 + x) * 3, (y * 9 + x + 1) * 3);
  const { bits, colors } = frameFingerprint({ rgb, width, height });
  expect([...bits]).toEqual([...Array(4).fill(0xffff), ...Array(4).fill(0)]); // one level down is noise
  // parts of 2 1/4 pixels: x (0 + 20 + 40 / 4) / 2.25, then (40 · 3/4 + 60 + 80 / 2) / 2.25; y (0 + 1 + 2 / 4) / 2.25
  expect([...colors.subarray(0, 6)]).toEqual([14, 14, 14, 58, 58, 58]);
});

test("another size, noise and slightly other colours look alike; other pictures do not", () => {
  const finder = createAlikeFinder<string>();
  expect(finder.add("a", [frameFingerprint(picture(1))])).toEqual([]);
  expect(finder.add("b", [frameFingerprint(picture(2))])).toEqual([]);
  expect(finder.add("smaller", [frameFingerprint(picture(1, { width: 36, height: 48 }))])).toEqual(["a"]);
  expect(finder.add("noisy", [frameFingerprint(picture(1, { noise: 6 }))])).toEqual(["a", "smaller"]);
  expect(finder.add("tinted", [frameFingerprint(picture(2, { shade: 30 }))])).toEqual([]);
  expect(finder.add("as many", [frameFingerprint(picture(1)), frameFingerprint(picture(1))])).toEqual([]);
});

test("plain pictures are not told to look alike", () => {
  const finder = createAlikeFinder<number>();
  const plain = { rgb: new Uint8Array(12 * 12 * 3).fill(7), width: 12, height: 12 };
  expect([1, 2].map((name) => finder.add(name, [frameFingerprint(plain)]))).toEqual([[], []]);
});

test("a picture of one pixel has a fingerprint", () => {
  expect(frameFingerprint({ rgb: new Uint8Array([1, 2, 3]), width: 1, height: 1 }).colors).toHaveLength(48);
});
