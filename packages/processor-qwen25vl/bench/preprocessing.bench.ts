import { bench, describe } from "vitest";
import type { Clip } from "../src/clip.ts";
import { patchGrid, patchLength, writePatches } from "../src/patches.ts";
import { parsePixelOptions } from "../src/processor-config.ts";
import { resizeClip } from "../src/resize-clip.ts";

// How long do the pixels of one clip take, decoded frames to patch rows?
const options = { ...parsePixelOptions({}, "video"), minPixels: 3136, maxPixels: 105369 };

function noise(frames: number, height: number, width: number): Clip {
  const rgb = Uint8Array.from({ length: frames * height * width * 3 }, (_, i) => (i * 2654435761) >>> 24);
  return { kind: "video", frames, height, width, rgb };
}

describe("resize and patches", () => {
  for (const [frames, height, width] of [
    [8, 56, 56],
    [16, 360, 640],
    [16, 720, 1280],
  ] as const) {
    const clip = noise(frames, height, width);
    bench(`${frames} frames of ${width}x${height}`, () => {
      const resized = resizeClip(clip, options);
      const [t, h, w] = patchGrid(resized, options);
      writePatches(resized, options, new Float32Array(t * h * w * patchLength(options)));
    });
  }
});
