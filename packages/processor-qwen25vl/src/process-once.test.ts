import { beforeEach, expect, test, vi } from "vitest";
import { clipOf, modelFiles, readPixels, withFolder } from "../test/processor-golden.ts";
import type { Message } from "./chat-template.ts";
import type { Clip } from "./clip.ts";
import { loadProcessor } from "./load-processor.ts";

/** Bytes that resizing and floats that patching wrote, call by call. */
const written = vi.hoisted(() => ({ resized: [] as number[], patched: [] as number[] }));
vi.mock("./resize.ts", async (original) => {
  const { resizeBicubic } = await original<typeof import("./resize.ts")>();
  return {
    resizeBicubic: (...given: Parameters<typeof resizeBicubic>) => {
      const rgb = resizeBicubic(...given);
      written.resized.push(rgb.length);
      return rgb;
    },
  };
});
vi.mock("./patches.ts", async (original) => {
  const patches = await original<typeof import("./patches.ts")>();
  return {
    ...patches,
    writePatches: (...given: Parameters<typeof patches.writePatches>) => {
      written.patched.push(given[2].length);
      patches.writePatches(...given);
    },
  };
});
beforeEach(() => {
  written.resized.length = 0;
  written.patched.length = 0;
});

const reversed = (clip: Clip): Clip => {
  const bytes = clip.rgb.length / clip.frames;
  const rgb = new Uint8Array(clip.rgb.length);
  for (let f = 0; f < clip.frames; f++)
    rgb.set(clip.rgb.subarray(f * bytes, (f + 1) * bytes), rgb.length - (f + 1) * bytes);
  return { ...clip, rgb };
};

const processor = await withFolder(modelFiles({ image: [3136, 12544], video: [3136, 4704] }), loadProcessor);
const decoded = clipOf(await readPixels(), "v5_60x80");
const question: Message[] = [{ role: "user", content: [{ type: "video" }, { type: "text", text: "What happens?" }] }];

test("a prompt is resized once and patched once for each order of its frames, however often it is read", () => {
  const clip = processor.resize(decoded);
  const rows = [clip, reversed(clip)].map((frames) => processor.row(question, [frames], { addGenerationPrompt: true }));
  const sampling = processor.batch(rows);
  const reference = processor.batch([rows[0]!]);
  const gradients = processor.batch([rows[0]!, rows[0]!]);

  const [height, width] = [clip.height, clip.width];
  expect([height, width]).not.toEqual([decoded.height, decoded.width]);
  expect(written.resized).toEqual([decoded.frames * height * width * 3]);
  const floats = rows[0]!.pixelValuesVideos!.data.length;
  expect(written.patched).toEqual([floats, floats]);
  expect([sampling, reference, gradients].map(({ pixelValuesVideos }) => pixelValuesVideos!.data.length)).toEqual([
    2 * floats,
    floats,
    2 * floats,
  ]);
});

test("permuting the resized frames gives the bytes of permuting the decoded ones", () => {
  const ordered = processor.row(question, [decoded]).pixelValuesVideos!;
  const after = processor.row(question, [reversed(processor.resize(decoded))]).pixelValuesVideos!;
  const before = processor.row(question, [reversed(decoded)]).pixelValuesVideos!;
  expect(Buffer.from(after.data.buffer).equals(Buffer.from(before.data.buffer))).toBe(true);
  expect(after.data).not.toEqual(ordered.data);
});
