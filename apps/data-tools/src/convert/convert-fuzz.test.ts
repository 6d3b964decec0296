import { expect, test } from "vitest";
import { fuzzConvert } from "../../test/fuzz-convert.ts";

test("300 damaged files end in records or in one clear error", async () => {
  const { faults, converted, refused } = await fuzzConvert(300, 1);
  expect(faults).toEqual([]);
  expect([converted > 100, refused > 30]).toEqual([true, true]);
});
