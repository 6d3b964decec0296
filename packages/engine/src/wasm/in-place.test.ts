import {
  matMul,
  reshape,
  slice,
  type Tensor,
  type Tensor2D,
  type Tensor4D,
  variable,
  zerosLike,
} from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";
import { floats, leaked, normals, relativeError } from "../../test/support.ts";
import { initEngine } from "../backend.ts";
import { adamwUpdate } from "../ops/adamw-update.ts";
import { cacheWrite } from "../ops/cache-write.ts";
import { globalNorm } from "../ops/global-norm.ts";

beforeAll(async () => void (await initEngine({ backend: "wasm" })));

describe("adamwUpdate", () => {
  const options = { learningRate: 0.01, beta1: 0.9, beta2: 0.999, eps: 1e-8, weightDecay: 0.1 };

  /** torch.optim.AdamW's single-tensor update, in float64. */
  function step(p: number, g: number, m: number, v: number, t: number): [number, number, number] {
    const { learningRate, beta1, beta2, eps, weightDecay } = options;
    const m1 = beta1 * m + (1 - beta1) * g;
    const v1 = beta2 * v + (1 - beta2) * g * g;
    const denominator = Math.sqrt(v1) / Math.sqrt(1 - beta2 ** t) + eps;
    return [p * (1 - learningRate * weightDecay) - (learningRate / (1 - beta1 ** t)) * (m1 / denominator), m1, v1];
  }

  test.each([1, 6, 129])("five steps on %i elements follow float64", (count) => {
    const next = normals(count);
    const start = next(count);
    const param = variable(floats(start, [count]));
    const m = variable(zerosLike(param));
    const v = variable(zerosLike(param));
    let expected = Array.from(start, (p): [number, number, number] => [p, 0, 0]);
    for (let t = 1; t <= 5; t++) {
      const grad = next(count, 0.1);
      adamwUpdate(param, floats(grad, [count]), m, v, { ...options, step: t });
      expected = expected.map(([p, m, v], i) => step(p, grad[i]!, m, v, t));
    }
    for (const [i, x] of [param, m, v].entries()) {
      expect(
        relativeError(
          x,
          expected.map((row) => row[i]!),
        ),
      ).toBeLessThan(5e-7);
    }
  });

  test("a tensor that shares the parameter's data keeps its values, and products see the new ones", () => {
    const initial = floats<Tensor2D>(Float64Array.of(1, 2, 3, 4), [2, 2]);
    const param = variable(initial);
    const view = reshape(param as Tensor2D, [4]);
    const one = floats<Tensor2D>(Float64Array.of(1, 0, 0, 1), [2, 2]);
    const before = Array.from(matMul(one, param as Tensor2D).dataSync());
    const [m, v] = [variable(zerosLike(param)), variable(zerosLike(param))] as const;
    adamwUpdate(param, one, m, v, { ...options, step: 1 });
    expect(Array.from(initial.dataSync())).toEqual(before);
    expect(Array.from(view.dataSync())).toEqual(before);
    const after = Array.from(matMul(one, param as Tensor2D).dataSync());
    expect(after).toEqual(Array.from(param.dataSync()));
    expect(after).not.toEqual(before);
  });

  test("is in place once the data is its own, and 200 steps leave nothing behind", () => {
    const grad = floats(normals(1)(9), [9]);
    const [param, m, v] = [1, 2, 3].map((seed) => variable(floats(normals(seed)(9).map(Math.abs), [9])));
    let t = 0;
    const update = () => adamwUpdate(param!, grad, m!, v!, { ...options, step: ++t });
    update();
    const data = param!.dataId;
    expect(leaked(update)).toEqual({ tensors: 0, buffers: 0 });
    expect(param!.dataId).toBe(data);
  });
});

describe("cacheWrite", () => {
  const [R, Smax, K, H] = [3, 6, 2, 5];

  test("writes the columns and nothing else", () => {
    const next = normals(16);
    const cache = variable(floats<Tensor4D>(next(R * Smax * K * H), [R, Smax, K, H]));
    const before = cache.arraySync() as number[][][][];
    const x = floats<Tensor4D>(next(R * 2 * K * H), [R, 2, K, H]);
    cacheWrite(cache, x, 3);
    const written = x.arraySync();
    const expected = before.map((row, r) => row.map((token, s) => (s === 3 || s === 4 ? written[r]![s - 3]! : token)));
    expect(cache.arraySync()).toEqual(expected);
  });

  test("a slice taken before keeps its values", () => {
    const cache = variable(floats<Tensor4D>(normals(17)(R * Smax * K * H), [R, Smax, K, H]));
    const whole = slice(cache as unknown as Tensor4D, [0, 0, 0, 0], [R, Smax, K, H]);
    const before = Array.from(whole.dataSync());
    cacheWrite(cache, floats<Tensor4D>(new Float64Array(R * K * H), [R, 1, K, H]), 0);
    expect(Array.from(whole.dataSync())).toEqual(before);
    expect(cache.dataSync()[0]).toBe(0);
  });

  test("200 writes leave nothing behind", () => {
    const cache = variable(floats<Tensor4D>(new Float64Array(R * Smax * K * H), [R, Smax, K, H]));
    const x = floats<Tensor4D>(normals(18)(R * K * H), [R, 1, K, H]);
    expect(leaked(() => cacheWrite(cache, x, 2))).toEqual({ tensors: 0, buffers: 0 });
  });
});

describe("globalNorm", () => {
  test("of several tensors, odd sizes", () => {
    const next = normals(19);
    const parts = [1, 6, 101].map((count) => next(count, 3));
    const expected = Math.sqrt(parts.flatMap((part) => [...part]).reduce((sum, x) => sum + x * x, 0));
    const norm = globalNorm(parts.map((part): Tensor => floats(part, [part.length])));
    expect(norm.shape).toEqual([]);
    expect(norm.dataSync()[0]).toBe(Math.fround(expected));
  });

  test("adds up in float64: a million small squares beside a large one are not lost", () => {
    const values = new Float64Array(1_000_001).fill(1);
    values[0] = 2 ** 14; // its square swallows 1 in float32
    expect(globalNorm([floats(values, [values.length])]).dataSync()[0]).toBe(Math.fround(Math.sqrt(2 ** 28 + 1e6)));
  });

  test("nothing to measure is an error", () => {
    expect(() => globalNorm([])).toThrow("at least one tensor");
  });
});
