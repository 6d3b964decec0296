import { expect, test } from "vitest";
import { deriveSeed, keyOf, philox, uniform } from "./philox.ts";

// Known answers of Random123 1.14 tests/kat_vectors, "philox4x32 10" (D. E. Shaw Research, BSD-3-Clause).
test.each([
  [
    [0, 0, 0, 0],
    [0, 0],
    [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8],
  ],
  [
    [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
    [0xffffffff, 0xffffffff],
    [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
  ],
  [
    [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
    [0xa4093822, 0x299f31d0],
    [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
  ],
] as [[number, number, number, number], [number, number], number[]][])("philox(%j, %j)", (counter, key, expected) => {
  expect(philox(counter, key)).toEqual(expected);
});

test("uniform covers [0, 1)", () => {
  expect(uniform(0, 0)).toBe(0);
  expect(uniform(0xffffffff, 0xffffffff)).toBe(1 - 2 ** -53);
});

test("derived seeds are safe integers, and all different", () => {
  const seeds = [0, 1, -1, 2 ** 53 - 1].flatMap((seed) => Array.from({ length: 500 }, (_, i) => deriveSeed(seed, i)));
  expect(seeds.every((seed) => Number.isSafeInteger(seed) && seed >= 0)).toBe(true);
  expect(new Set(seeds).size).toBe(2000);
});

test("a key keeps all bits of a seed", () => {
  expect(keyOf(2 ** 32 + 5)).toEqual([5, 1]);
});
