import { describe, expect, test } from "vitest";
import huggingFace from "../test/golden/processor/smart-resize.json" with { type: "json" };
import videoR1 from "../test/golden/processor/video-r1-smart-resize.json" with { type: "json" };
import { ImageSizeError } from "./processor-errors.ts";
import { type ResizeRules, roundHalfEven, smartResize } from "./smart-resize.ts";

type Row = [height: number, width: number, factor: number, minPixels: number, maxPixels: number];

/** The result as recorded: [height, width], or "error". */
function recorded([height, width, factor, minPixels, maxPixels]: Row, rules: ResizeRules): unknown {
  try {
    const size = smartResize({ height, width }, { factor, minPixels, maxPixels, rules });
    return [size.height, size.width];
  } catch (error) {
    expect(error).toBeInstanceOf(ImageSizeError);
    return "error";
  }
}

describe("smartResize equals the originals on every recorded size", () => {
  test.each(["hf", "qwenVlUtils"] as const)("transformers 5.12.1 and qwen-vl-utils: %s", (rules) => {
    const column = rules === "hf" ? 5 : 6;
    expect(huggingFace.rows.map((row) => recorded(row as Row, rules))).toEqual(
      huggingFace.rows.map((row) => row[column]),
    );
    expect(huggingFace.rows.length).toBe(296);
  });

  test("tulerfeng/Video-R1@59d65c3", () => {
    const results = videoR1.rows.map((row) => recorded(row.slice(1) as Row, "qwenVlUtils"));
    expect(results).toEqual(videoR1.rows.map((row) => row[6]));
    expect(results.length).toBe(584);
  });

  test("the two rules are not the same function", () => {
    const differ = huggingFace.rows.filter((row) => JSON.stringify(row[5]) !== JSON.stringify(row[6]));
    expect(differ.length).toBe(16);
  });
});

test.each([
  [1.5, 2],
  [2.5, 2],
  [3.5, 4],
  [4.5, 4],
  [0.5, 0],
  [2.4999, 2],
  [2.5001, 3],
  [7, 7],
])("roundHalfEven(%d) = %d", (x, rounded) => {
  expect(roundHalfEven(x)).toBe(rounded);
});

test("shrinking a thin image below one group: transformers keeps 28, qwen-vl-utils loses the side", () => {
  const shrink = { factor: 28, minPixels: 3136, maxPixels: 12544 };
  expect(smartResize({ height: 30, width: 5000 }, shrink)).toEqual({ height: 28, width: 1428 });
  expect(smartResize({ height: 30, width: 5000 }, { ...shrink, rules: "qwenVlUtils" })).toEqual({
    height: 0,
    width: 1428,
  });
});

test("an extreme shape says how extreme it is", () => {
  const limits = { factor: 28, minPixels: 3136, maxPixels: 12845056 };
  expect(() => smartResize({ height: 1, width: 201 }, limits)).toThrow("201.0 times the other, at most 200");
  expect(() => smartResize({ height: 0, width: 10 }, limits)).toThrow(ImageSizeError);
});
