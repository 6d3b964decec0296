import { expect, test } from "vitest";
import { fuzzConvert } from "../fuzz-convert.ts";

test("10,000 damaged files end in records or in one clear error", { timeout: 3_600_000 }, async () => {
  expect((await fuzzConvert(10_000, 2)).faults).toEqual([]);
});
