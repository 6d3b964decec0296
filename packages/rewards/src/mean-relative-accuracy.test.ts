import { describe, expect, test } from "vitest";
import { readGolden } from "../test/golden.ts";
import { meanRelativeAccuracy } from "./mean-relative-accuracy.ts";

interface MraGolden {
  source: { repo: string; commit: string };
  tolerance: number;
  cases: { pred: number; target: number; mra: number }[];
}
const golden = readGolden<MraGolden>("mean-relative-accuracy");

describe(`as ${golden.source.repo}@${golden.source.commit}`, () => {
  test.each(golden.cases)("$pred for $target", ({ pred, target, mra }) => {
    expect(Math.abs(meanRelativeAccuracy(pred, target, { rules: "video-r1" }) - mra)).toBeLessThanOrEqual(
      golden.tolerance,
    );
  });

  test("all 204 recorded cases are here", () => expect(golden.cases).toHaveLength(204));
});

test.each([
  [Number.NaN, 1],
  [Number.POSITIVE_INFINITY, 1],
  [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
])("no credit for %f against %f", (prediction, truth) => expect(meanRelativeAccuracy(prediction, truth)).toBe(0));
