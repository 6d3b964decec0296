import { expect, test } from "vitest";
import { fuzzConvert } from "../fuzz-convert.ts";

test.each([2, 3, 4, 5])("5,000 damaged files of seed %i end in records or in one clear error", async (seed) => {
  expect((await fuzzConvert(5000, seed)).faults).toEqual([]);
});
