import { describe, expect, test } from "vitest";
import { roundToHundredths } from "./round-to-hundredths.ts";

// Every right-hand side is what CPython 3.11 prints for round(x, 2).
describe("as round(x, 2) of CPython 3.11", () => {
  test.each([
    [0.125, 0.12],
    [0.375, 0.38],
    [0.625, 0.62],
    [0.875, 0.88],
    [-0.125, -0.12],
    [7.125, 7.12],
    [2.675, 2.67], // the binary value lies below the tie
    [1.005, 1.0],
    [0.115, 0.12], // and above it
    [4503599627370.625, 4503599627370.62],
    [123456789012.345, 123456789012.35],
    [1e22, 1e22],
    [-0.001, -0],
    [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
    [Number.NaN, Number.NaN],
  ])("%f", (x, expected) => expect(roundToHundredths(x)).toBe(expected));
});
