import { publishedConfig } from "@videor1/model-qwen25vl";
import { expect, test } from "vitest";
import { promptSize } from "./prompt-size.ts";

const model = publishedConfig("Qwen2.5-VL-7B-Instruct");
const token = 28 * 28;
const media = {
  maxFrames: 16,
  videoMinPixels: 128 * token,
  videoMaxPixels: 128 * token,
  imageMaxPixels: 256 * token,
};

test("a video of most frames, each of as many pixels as @videor1/data lets it have: 5 % above its least", () => {
  const { kind, grid, textTokens } = promptSize({ media }, model);
  expect({ kind, pairs: grid[0], patches: grid[1] * grid[2], textTokens }).toEqual({
    kind: "video",
    pairs: 8,
    patches: 4 * 134,
    textTokens: 300,
  });
  expect(promptSize({ media: { ...media, nframes: [4, 7] } }, model).grid[0]).toBe(4);
});

test("an image where there are no videos, or the image is the larger", () => {
  expect(promptSize({ media, dataType: "image" }, model)).toEqual({
    kind: "image",
    grid: [1, 32, 32],
    textTokens: 300,
  });
  expect(promptSize({ media: { ...media, nframes: 2 } }, model).kind).toBe("image");
  expect(promptSize({ media: { ...media, nframes: 2 }, dataType: "video" }, model).kind).toBe("video");
});
