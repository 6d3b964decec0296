import { randomStream } from "@videor1/random";
import { describe, expect, test } from "vitest";
import { frameOrder } from "./frame-order.ts";

const order = (kind: Parameters<typeof frameOrder>[0], frames = 8) => frameOrder(kind, frames, randomStream(1));

test("reverse: the last frame first", () => {
  expect(order("reverse")).toEqual([7, 6, 5, 4, 3, 2, 1, 0]);
  expect(order("reverse", 3)).toEqual([2, 1, 0]);
});

test("reversePairs: the last pair first, its frames as they were", () => {
  expect(order("reversePairs")).toEqual([6, 7, 4, 5, 2, 3, 0, 1]);
  expect(() => order("reversePairs", 3)).toThrow(/3 frames must be an even number/);
});

describe("shuffle", () => {
  const shuffled = (seed: number, frames = 8) => frameOrder("shuffle", frames, randomStream(seed, "shuffle"));

  test("shows every frame once, in an order that the stream decides and that a later version keeps", () => {
    expect(shuffled(1)).toEqual([3, 0, 6, 2, 1, 4, 7, 5]);
    expect(shuffled(2)).toEqual([1, 3, 0, 5, 6, 2, 7, 4]);
    expect(shuffled(3, 15).toSorted((a, b) => a - b)).toEqual(Array.from({ length: 15 }, (_, f) => f));
  });

  test("puts every frame at every place equally often (chi-squared, 16 - 7 = 9 degrees of freedom)", () => {
    const seeds = 4000;
    const counts = Array.from({ length: 16 }, () => 0);
    for (let seed = 0; seed < seeds; seed++)
      shuffled(seed, 4).forEach((frame, place) => {
        counts[4 * place + frame]! += 1;
      });
    const expected = seeds / 4;
    const chiSquared = counts.reduce((sum, n) => sum + (n - expected) ** 2 / expected, 0);
    expect(chiSquared).toBeLessThan(27.9); // 99.9 % quantile
  });
});
