import { describe, expect, test } from "vitest";
import { ends, leansOnBorder, smooth, windowOf } from "./curves.ts";

describe("smooth", () => {
  test("is the centred mean, over fewer steps at the ends", () => {
    expect(smooth([1, 2, 6, 10], 3)).toEqual([1.5, 3, 6, 8]);
  });

  test("leaves steps without a value out, and is null where there is none", () => {
    expect(smooth([1, null, 3, null, null, null], 3)).toEqual([1, 2, 3, 3, null, null]);
  });
});

test.each([
  { steps: 4, window: 3, reason: "never less than 3" },
  { steps: 80, window: 11, reason: "an eighth of the steps, odd" },
  { steps: 1600, window: 201, reason: "an eighth of the steps, odd" },
])("a curve of $steps steps is smoothed over $window: $reason", ({ steps, window }) => {
  expect(windowOf(steps)).toBe(window);
});

test("the ends of a line are means of its first and last tenth, before smoothing", () => {
  const raw = Array.from({ length: 40 }, (_, i) => i);
  expect(ends({ name: "x", raw, smooth: [] })).toEqual({ first: 1.5, last: 37.5, steps: 4 });
});

test.each([
  { text: "hmm the border is red .", leans: true },
  { text: "The Border decides", leans: true },
  { text: "it is borderline", leans: false },
  { text: "let me watch the frames .", leans: false },
])("leansOnBorder: $text", ({ text, leans }) => {
  expect(leansOnBorder(text)).toBe(leans);
});
