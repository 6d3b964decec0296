import { expect, test } from "vitest";
import { frameRange, type VideoWindow } from "./frame-range.ts";

test.each<[VideoWindow, first: number, last: number, why: string]>([
  [{}, 0, 99, "the whole"],
  [{ videoStart: 1 }, 25, 99, "a time that is a frame's includes it"],
  [{ videoStart: 1.001 }, 26, 99, "the start is rounded up"],
  [{ videoEnd: 1 }, 0, 25, "at the end too"],
  [{ videoEnd: 1.039 }, 0, 25, "the end is rounded down"],
  [{ videoStart: -5, videoEnd: 1e9 }, 0, 99, "both are clamped"],
  [{ videoStart: 3.92 }, 98, 99, "the shortest part"],
])("%j of 100 frames at 25 a second", (window, first, last) => {
  expect(frameRange(window, 100, 25)).toEqual({ first, frames: last - first + 1 });
});

test.each([{ videoStart: 3.96 }, { videoStart: 4 }, { videoEnd: 0.03 }, { videoStart: 2, videoEnd: 1 }])(
  "%j holds no two frames",
  (window) => {
    expect(() => frameRange(window, 100, 25)).toThrow("holds fewer than two frames of a video of 4.00 s, 100 frames");
  },
);
