import { grad, grads, type Tensor, tensor1d } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";
import * as reference from "../../test/reference.ts";
import { errorsAgainst, floats, leaked, normals, relativeError } from "../../test/support.ts";
import { initEngine } from "../backend.ts";
import { gelu } from "../ops/gelu.ts";
import { swiglu } from "../ops/swiglu.ts";

beforeAll(async () => void (await initEngine({ backend: "wasm" })));

/** Many points of [-bound, bound], an odd number so that the last step is partial. */
const points = (bound: number, count: number) =>
  Float64Array.from({ length: count }, (_, i) => Math.fround(bound * ((2 * i) / (count - 1) - 1)));

describe("swiglu", () => {
  test.each([1, 3, 4, 37, 1024])("value and gradients, %i elements", (count) => {
    const next = normals(count);
    const inputs = [next(count, 4), next(count, 4)].map((values) => ({ values, shape: [count] }));
    const { value, gradients } = errorsAgainst(
      (gate, up) => reference.swiglu(gate!, up!),
      (gate, up) => swiglu(gate!, up!),
      inputs,
    );
    expect(value).toBeLessThan(4e-7);
    for (const error of gradients) expect(error).toBeLessThan(4e-7);
  });

  test("the sigmoid, and with it the exponential, is right to 4e-7 relative over its whole range", () => {
    const x = points(86, 20001);
    const y = swiglu(floats(x, [x.length]), tensor1d(new Float32Array(x.length).fill(1))).dataSync();
    const errors = x.map((value, i) => {
      const expected = value / (1 + Math.exp(-value));
      return expected === 0 ? Math.abs(y[i]!) : Math.abs(y[i]! / expected - 1);
    });
    expect(Math.max(...errors)).toBeLessThan(4e-7);
  });

  test("extremes: no NaN where the exponential saturates or vanishes", () => {
    const y = swiglu(tensor1d([-200, -0, 0, 200, 1e30]), tensor1d(new Float32Array(5).fill(1))).dataSync();
    expect(relativeError(y.subarray(0, 3), [0, 0, 0])).toBeLessThan(1e-35);
    expect(Array.from(y.subarray(3))).toEqual([200, Math.fround(1e30)]);
    expect(swiglu(tensor1d([Number.NaN]), tensor1d([1])).dataSync()[0]).toBeNaN();
  });
});

describe("gelu", () => {
  test("value to 1e-7 of the exact erf form, also in the tail", () => {
    const x = points(12, 40001);
    const y = gelu(floats(x, [x.length])).dataSync();
    const expected = reference.gelu(x);
    const errors = x.map((value, i) => Math.abs(y[i]! - expected[i]!) / Math.max(1, Math.abs(value)));
    expect(Math.max(...errors)).toBeLessThan(1e-7);
  });

  test.each([1, 6, 64, 1001])("gradient, %i elements", (count) => {
    const { gradients } = errorsAgainst(
      (x) => reference.gelu(x!),
      (x) => gelu(x!),
      [{ values: normals(count)(count, 2), shape: [count] }],
    );
    expect(gradients[0]).toBeLessThan(3e-7);
  });

  test("extremes", () => {
    expect(Array.from(gelu(tensor1d([-1e30, -50, 0, 50])).dataSync(), (x) => x + 0)).toEqual([0, 0, 0, 50]);
    const slope = grad((x: Tensor) => gelu(x))(tensor1d([-50, 0, 50]));
    expect(relativeError(slope, [0, 0.5, 1])).toBe(0);
  });
});

test("200 calls with gradients leave nothing behind", () => {
  const x = tensor1d(new Float32Array(33).fill(0.5));
  const both = (a: Tensor, b: Tensor) => gelu(swiglu(a, b));
  expect(leaked(() => void grads(both as never)([x, x], x))).toEqual({ tensors: 0, buffers: 0 });
});
