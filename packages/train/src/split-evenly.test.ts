import fc from "fast-check";
import { expect, test } from "vitest";
import { splitEvenly } from "./split-evenly.ts";

test("five in two, two in five", () => {
  expect(splitEvenly([1, 2, 3, 4, 5], 2)).toEqual([
    [1, 2],
    [3, 4, 5],
  ]);
  expect(splitEvenly([1, 2], 5).filter((part) => part.length > 0)).toEqual([[1], [2]]);
});

test("all of the list, in order, in so many parts whose lengths differ by one at most", () => {
  fc.assert(
    fc.property(fc.array(fc.integer()), fc.integer({ min: 1, max: 20 }), (list, count) => {
      const parts = splitEvenly(list, count);
      const lengths = parts.map(({ length }) => length);
      expect(parts.flat()).toEqual(list);
      expect(parts).toHaveLength(count);
      expect(Math.max(...lengths) - Math.min(...lengths)).toBeLessThanOrEqual(1);
    }),
  );
});
