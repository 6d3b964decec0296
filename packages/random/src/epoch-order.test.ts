import { expect, test } from "vitest";
import { epochOrder } from "./epoch-order.ts";

test("an order is a permutation", () => {
  for (const count of [0, 1, 2, 7, 1000]) {
    expect([...epochOrder(1, 0, count)].sort((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, i) => i));
  }
});

test("seed and epoch decide the order, and nothing else", () => {
  expect(epochOrder(42, 3, 500)).toEqual(epochOrder(42, 3, 500));
  expect(epochOrder(42, 3, 500)).not.toEqual(epochOrder(42, 4, 500));
  expect(epochOrder(43, 3, 500)).not.toEqual(epochOrder(42, 3, 500));
});

test("the first order of seed 42 stays what it is, so that old runs can be resumed", () => {
  expect([...epochOrder(42, 0, 8)]).toMatchInlineSnapshot(`
    [
      6,
      1,
      5,
      7,
      2,
      4,
      3,
      0,
    ]
  `);
});

test("every item is equally likely at every place (chi-squared, 49 degrees of freedom for 8 places and items)", () => {
  const count = 8;
  const epochs = 16_000;
  const seen = Array.from({ length: count }, () => new Array<number>(count).fill(0));
  for (let epoch = 0; epoch < epochs; epoch += 1) {
    epochOrder(7, epoch, count).forEach((item, place) => {
      seen[place]![item]! += 1;
    });
  }
  const expected = epochs / count;
  const chiSquared = seen.flat().reduce((sum, n) => sum + (n - expected) ** 2 / expected, 0);
  expect(chiSquared).toBeLessThan(85.4); // 99.9 % quantile
});
