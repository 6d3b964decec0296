import { expect, test } from "vitest";
import { percent } from "./percent.ts";

test.each([
  [0.8754, "87.5"],
  [0, "0.0"],
  [1, "100.0"],
])("%d is %s %", (share, text) => {
  expect(percent(share)).toBe(text);
});
