import { mul, type Scalar, sum, tensor, tensor2d, tidy, variable } from "@tensorflow/tfjs-core";
import { initEngine, valueAndGrads } from "@videor1/engine";
import { beforeAll, expect, test } from "vitest";
import { testEngine } from "../test/test-engine.ts";
import { embedding, layer } from "./layers.ts";

beforeAll(async () => void (await initEngine(testEngine)));

test.each([
  [
    null,
    [
      [2, 2],
      [0, 0],
      [4, 4],
    ],
  ],
  [
    2,
    [
      [2, 2],
      [0, 0],
      [0, 0],
    ],
  ],
])("embedding with paddingId %s: the padding row gives its value but takes no gradient", (paddingId, expected) => {
  const weight = variable(tensor2d([1, 2, 3, 4, 5, 6], [3, 2]));
  const loss = () =>
    tidy(() =>
      sum<Scalar>(mul(embedding(weight, Int32Array.of(2, 0, 2), paddingId), tensor2d([1, 1, 2, 2, 3, 3], [3, 2]))),
    );
  const { value, grads } = valueAndGrads(loss, { weight });
  expect(value.dataSync()[0]).toBe(11 + 6 + 33);
  expect(grads.weight!.arraySync()).toEqual(expected);
});

test.each([false, true])(
  "layer, recompute %s: gradients reach every tensor, and data outlives the caller's tidy",
  (recompute) => {
    const [x, w] = [variable(tensor([2, 3])), variable(tensor([5, 7]))];
    const { grads } = valueAndGrads(
      () =>
        tidy(() => {
          const data = tensor([10, 100]);
          const [y] = layer(recompute, ({ x, w, data }) => [mul(mul(x, w), data)], { x, w, data, absent: undefined });
          return sum<Scalar>(y!);
        }),
      { x, w },
    );
    expect([grads.x!, grads.w!].map((grad) => [...grad.dataSync()])).toEqual([
      [50, 700],
      [20, 300],
    ]);
  },
);
