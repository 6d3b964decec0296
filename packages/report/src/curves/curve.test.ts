import { expect, test } from "vitest";
import { lineOf } from "./curve.ts";

test("the ends of a line are means of its first and last tenth, before smoothing", () => {
  const raw = Array.from({ length: 40 }, (_, i) => i);
  expect(lineOf(0, [raw], 5)).toMatchObject({ first: 1.5, last: 37.5, band: null });
});

test("several runs become their median and, smoothed, their middle half", () => {
  const flat = (value: number) => [value, value, value, value];
  const { raw, smooth, band, last } = lineOf(0, [flat(0), flat(1), flat(2), flat(9)], 3);
  expect(raw).toEqual(flat(1.5));
  expect(smooth).toEqual(flat(1.5));
  expect(band).toEqual({ low: flat(0.75), high: flat(3.75) });
  expect(last).toBe(3);
});
