import { describe, expect, test } from "vitest";
import golden from "../test/golden/processor/pixels.json" with { type: "json" };
import { withFolder } from "../test/processor-golden.ts";
import { patchGrid } from "./patches.ts";
import { loadProcessorConfig, parsePixelOptions } from "./processor-config.ts";
import { smartResize } from "./smart-resize.ts";

const bounds = (minPixels: number, maxPixels: number) => ({ min_pixels: minPixels, max_pixels: maxPixels });
const classVideo = [128 * 784, 768 * 784];

describe("which file decides: [image bounds, video bounds]", () => {
  test.each([
    [
      "the Hub's only file is for both",
      { "preprocessor_config.json": bounds(3136, 12845056) },
      [3136, 12845056],
      [3136, 12845056],
    ],
    [
      "a video file for videos",
      { "preprocessor_config.json": bounds(1, 2), "video_preprocessor_config.json": bounds(3, 4) },
      [1, 2],
      [3, 4],
    ],
    [
      "processor_config.json first",
      {
        "preprocessor_config.json": bounds(1, 2),
        "video_preprocessor_config.json": bounds(3, 4),
        "processor_config.json": { image_processor: bounds(5, 6), video_processor: bounds(7, 8) },
      },
      [5, 6],
      [7, 8],
    ],
    [
      "without a video part, the class",
      { "processor_config.json": { image_processor: bounds(5, 6) } },
      [5, 6],
      classVideo,
    ],
    [
      "size, as transformers 5 saves it",
      { "preprocessor_config.json": { size: { shortest_edge: 9, longest_edge: 10 } } },
      [9, 10],
      [9, 10],
    ],
    [
      "min_pixels over size",
      { "preprocessor_config.json": { size: { shortest_edge: 9, longest_edge: 10 }, min_pixels: 3 } },
      [3, 10],
      [3, 10],
    ],
    ["an empty file: the classes", { "preprocessor_config.json": {} }, [3136, 1280 * 784], classVideo],
  ])("%s", async (_, files, image, video) => {
    await withFolder(files, async (folder) => {
      const config = await loadProcessorConfig(folder);
      expect([config.image.minPixels, config.image.maxPixels]).toEqual(image);
      expect([config.video.minPixels, config.video.maxPixels]).toEqual(video);
    });
  });
});

describe("grids under the bounds of the Hub's preprocessor_config.json equal transformers 5.12.1", () => {
  const hub = parsePixelOptions(bounds(3136, 12845056), "image");
  test.each(golden.hubLimits)("$name", ({ name, grid }) => {
    const { height, width } = golden.images.find((image) => image.name === name)!;
    const size = smartResize({ height, width }, { ...hub, factor: 28 });
    expect(patchGrid({ kind: "image", frames: 1, rgb: new Uint8Array(), ...size }, hub)).toEqual(grid);
  });
});

describe("what cannot be done is refused when loading", () => {
  test.each([
    [{}, "preprocessor_config.json: no such file"],
    [{ "preprocessor_config.json": { do_normalize: false } }, "normalisation cannot be switched off here"],
    [{ "preprocessor_config.json": { resample: 2 } }, "only 3, bicubic, is supported"],
    [{ "preprocessor_config.json": { image_mean: [0.5] } }, "image_mean"],
    [
      { "preprocessor_config.json": {}, "video_preprocessor_config.json": { patch_size: 0 } },
      "video_preprocessor_config.json: ",
    ],
  ])("%j", async (files, message) => {
    await withFolder(files, async (folder) => {
      await expect(loadProcessorConfig(folder)).rejects.toThrow(message);
    });
  });
});
