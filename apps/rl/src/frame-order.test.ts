import { randomStream } from "@videor1/random";
import { expect, test } from "vitest";
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

test("shuffle: the stream's order", () => {
  expect(order("shuffle")).toEqual(randomStream(1).permutation(8));
});
