import { expect, test } from "vitest";
import { parametersLine } from "./parameters-line.ts";

test.each([
  [{ parameters: 221_000, frozen: 0 }, "0.22 M parameters"],
  [{ parameters: 161_480_704, frozen: 8_292_166_656 }, "161.48 M of 8453.65 M parameters trained"],
])("%j: %s", (counts, line) => {
  expect(parametersLine(counts)).toBe(line);
});
