import { describe, expect, test } from "vitest";
import golden from "../../test/golden/frames.json" with { type: "json" };
import upstream from "../../test/golden/upstream-frames.json" with { type: "json" };
import { frameIndices, frameMaxPixels, type SampleOptions, smartNframes } from "./sample-frames.ts";

interface Case {
  ele: { fps?: number; nframes?: number; min_frames?: number; max_frames?: number };
  total_frames: number;
  video_fps: number;
  nframes?: number;
  indices?: number[];
  sample_fps?: number;
  error?: string;
}

function sample({ ele, total_frames, video_fps }: Case, defaults: SampleOptions) {
  const options: SampleOptions = {
    ...defaults,
    ...(ele.fps === undefined ? {} : { fps: ele.fps }),
    ...(ele.nframes === undefined ? {} : { nframes: ele.nframes }),
    ...(ele.min_frames === undefined ? {} : { minFrames: ele.min_frames }),
    ...(ele.max_frames === undefined ? {} : { maxFrames: ele.max_frames }),
  };
  const nframes = smartNframes(options, total_frames, video_fps);
  return { nframes, indices: frameIndices(total_frames, nframes), sampleFps: (nframes / total_frames) * video_fps };
}

function check(cases: readonly Case[], defaults: (total: number) => SampleOptions) {
  for (const row of cases) {
    const what = JSON.stringify({ ...row, indices: undefined });
    if (row.error !== undefined) {
      expect(() => sample(row, defaults(row.total_frames)), what).toThrow(RangeError);
      continue;
    }
    const { nframes, indices, sampleFps } = sample(row, defaults(row.total_frames));
    expect(nframes, what).toBe(row.nframes);
    expect(indices, what).toEqual(row.indices);
    expect(sampleFps, what).toBeCloseTo(row.sample_fps!, 9);
  }
}

describe(`frames as ${golden.source.repo}@${golden.source.commit}`, () => {
  test(`${golden.nframes.length} samplings with Video-R1's limits`, () => check(golden.nframes as Case[], () => ({})));

  test(`${golden.frame_max_pixels.length} per-frame pixel limits`, () => {
    for (const { nframes, min_pixels, video_max_pixels, result } of golden.frame_max_pixels) {
      expect(frameMaxPixels(nframes, { minPixels: min_pixels, videoMaxPixels: video_max_pixels })).toBe(result);
    }
  });
});

describe(`frames as ${upstream.source.repo}`, () => {
  test(`${upstream.frame_sampling.length} samplings with upstream limits`, () =>
    check(upstream.frame_sampling as Case[], (total) => ({ maxFrames: Math.min(768, total) })));

  test(`${upstream.linspace.length} roundings of torch.linspace`, () => {
    for (const { end, steps, rounded } of upstream.linspace) expect(frameIndices(end + 1, steps)).toEqual(rounded);
  });
});

test("Video-R1's own constants give 105,369 pixels, not 100,352", () => {
  expect(frameMaxPixels(16)).toBe(105_369);
});

test.each([
  [16, 9, 8],
  [16, 16, 16],
  [4, 9, 4],
  [5, 3, 2],
])("%i frames of a video of %i, clamped, are %i", (nframes, total, taken) => {
  expect(smartNframes({ nframes, clampNframes: true }, total, 30)).toBe(taken);
  if (nframes > total) expect(() => smartNframes({ nframes }, total, 30)).toThrow(`must be in [2, ${total}]`);
});

test("a video of one frame cannot be sampled in pairs", () => {
  expect(() => smartNframes({}, 1, 30)).toThrow("must be in [2, 1]");
  expect(() => smartNframes({ nframes: 8, clampNframes: true }, 1, 30)).toThrow("must be in [2, 1]");
});
