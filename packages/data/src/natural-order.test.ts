import { expect, test } from "vitest";
import { naturalOrder } from "./natural-order.ts";

test.each([
  [
    ["f10", "f9", "f1", "f100"],
    ["f1", "f9", "f10", "f100"],
  ],
  [
    ["frame_2.jpg", "frame_10.jpg", "frame_1.jpg"],
    ["frame_1.jpg", "frame_2.jpg", "frame_10.jpg"],
  ],
  [
    ["00010.png", "00002.png"],
    ["00002.png", "00010.png"],
  ],
  [
    ["a1b10", "a1b9", "a1"],
    ["a1", "a1b9", "a1b10"],
  ],
  [
    ["1", "01", "a", "", "B"],
    ["", "01", "1", "B", "a"],
  ],
  [
    ["99999999999999999999", "99999999999999999998"],
    ["99999999999999999998", "99999999999999999999"],
  ],
])("%j", (texts, sorted) => {
  expect(texts.toSorted(naturalOrder)).toEqual(sorted);
  expect(sorted.toReversed().toSorted(naturalOrder)).toEqual(sorted);
});
