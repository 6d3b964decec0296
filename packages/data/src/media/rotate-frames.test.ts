import { expect, test } from "vitest";
import { quarterTurns, turnedFormat } from "./rotate-frames.ts";

const one = 1 << 16;
test.each([
  ["upright", [one, 0, 0, 0, one, 0, 0, 0, 1 << 30], 0],
  ["clockwise", [0, one, 0, -one, 0, 0, 0, 0, 1 << 30], 1],
  ["upside down", [-one, 0, 0, 0, -one, 0, 0, 0, 1 << 30], 2],
  ["counter-clockwise", [0, -one, 0, one, 0, 0, 0, 0, 1 << 30], 3],
  ["by 30 degrees, which decord leaves", [56756, 32768, 0, -32768, 56756, 0, 0, 0, 1 << 30], 0],
  ["nowhere", [], 0],
])("%s", (_, matrix, turns) => expect(quarterTurns(matrix)).toBe(turns));

test.each([
  ["yuv422p", "yuv444p"],
  ["yuvj422p", "yuvj444p"],
  ["yuva422p10le", "yuva444p10le"],
  ["yuv440p", "yuv444p"],
  ["yuv411p", "yuv444p"],
  ["uyvy422", "yuv444p"],
  ["yuv420p10le", "yuv420p10le"],
  ["gbrp", "gbrp"],
])("%s is turned as %s", (format, turned) => expect(turnedFormat(format)).toBe(turned));
