import { grads, type Tensor, type Tensor1D } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import * as reference from "../../test/reference.ts";
import { errorsAgainst, floats, leaked, normals, relativeError } from "../../test/support.ts";
import { initEngine } from "../backend.ts";
import { rmsNorm } from "../ops/rms-norm.ts";

beforeAll(async () => void (await initEngine({ backend: "wasm" })));

const eps = 1e-6;
const op = (x: Tensor, weight: Tensor) => rmsNorm(x, weight as Tensor1D, eps);

test.each([
  { shape: [1, 1], why: "smallest" },
  { shape: [3, 7], why: "a partial last step" },
  { shape: [2, 5, 16], why: "whole steps, three axes" },
  { shape: [65, 20], why: "dweight crosses blocks of 32 rows" },
])("value and gradients at $shape: $why", ({ shape }) => {
  const next = normals(1);
  const d = shape.at(-1)!;
  const count = shape.reduce((a, b) => a * b);
  const inputs = [
    { values: next(count, 3), shape },
    { values: next(d), shape: [d] },
  ];
  const { value, gradients } = errorsAgainst((x, w) => reference.rmsNorm(x!, w!, eps), op as never, inputs);
  expect(value).toBeLessThan(1e-6);
  for (const error of gradients) expect(error).toBeLessThan(2e-6);
});

test("a row of zeros gives zeros and finite gradients", () => {
  const x = floats(new Float64Array(8), [2, 4]);
  const weight = floats(Float64Array.of(1, 2, 3, 4), [4]);
  expect(op(x, weight).dataSync()).toEqual(new Float32Array(8));
  const [dx] = grads(op as never)([x, weight], floats(new Float64Array(8).fill(1), [2, 4])) as [Tensor];
  expect(relativeError(dx.dataSync().slice(0, 4), [1000, 2000, 3000, 4000])).toBeLessThan(2e-7); // weight / sqrt(eps)
});

test("200 calls with gradients leave nothing behind", () => {
  const next = normals(2);
  const x = floats(next(15 * 7), [15, 7]);
  const weight = floats(next(7), [7]);
  expect(leaked(() => void grads(op as never)([x, weight], x))).toEqual({ tensors: 0, buffers: 0 });
});
