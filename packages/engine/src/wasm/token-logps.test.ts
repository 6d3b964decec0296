import { grads, type Tensor, type Tensor1D, type Tensor2D, tensor1d } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import * as reference from "../../test/reference.ts";
import { errorsAgainst, floats, leaked, normals, relativeError } from "../../test/support.ts";
import { initEngine } from "../backend.ts";
import { compositeTokenLogps, tokenLogps } from "../ops/token-logps.ts";

beforeAll(async () => void (await initEngine({ backend: "wasm" })));

const idsOf = (T: number, V: number) => Array.from({ length: T }, (_, t) => (t * 7919 + V - 1) % V);

test.each([
  { T: 1, V: 1, d: 1, why: "one word: certain" },
  { T: 5, V: 7, d: 3, why: "nothing fills a step" },
  { T: 3, V: 130, d: 4, why: "two words past a slice of 128" },
  { T: 5, V: 140, d: 3, chunkSize: 2, why: "three chunks, the last of one row" },
  { T: 4, V: 20, d: 6, temperature: 0.7, why: "a temperature" },
])("T=$T V=$V d=$d: $why", ({ T, V, d, chunkSize, temperature }) => {
  const next = normals(12);
  const ids = idsOf(T, V);
  const inputs = [
    { values: next(T * d, 2), shape: [T, d] },
    { values: next(V * d), shape: [V, d] },
  ];
  const options = { ...(chunkSize && { chunkSize }), ...(temperature && { temperature }) };
  const run = (hidden: Tensor, weight: Tensor) =>
    tokenLogps(hidden as Tensor2D, weight as Tensor2D, tensor1d(ids, "int32"), options);
  const { value, gradients } = errorsAgainst(
    (hidden, weight) => reference.tokenLogps(hidden!, weight!, ids, d, temperature).subarray(0, T),
    (hidden, weight) => run(hidden!, weight!).logps,
    inputs,
  );
  expect(value).toBeLessThan(1e-6);
  for (const error of gradients) expect(error).toBeLessThan(2e-6);
  const expected = reference.tokenLogps(inputs[0]!.values, inputs[1]!.values, ids, d, temperature);
  const [hidden, weight] = inputs.map(({ values, shape }) => floats(values, shape)) as [Tensor, Tensor];
  expect(relativeError(run(hidden, weight).entropy, expected.subarray(T))).toBeLessThan(2e-6);
});

test("equals the composite at training size", () => {
  const [T, V, d] = [90, 1000, 64];
  const next = normals(13);
  const hidden = floats<Tensor2D>(next(T * d), [T, d]);
  const weight = floats<Tensor2D>(next(V * d, 0.3), [V, d]);
  const ids = tensor1d(idsOf(T, V), "int32");
  const dy = floats<Tensor1D>(next(T), [T]);
  const run = (f: typeof tokenLogps) =>
    grads(((h: Tensor2D, w: Tensor2D) => f(h, w, ids, { chunkSize: 32 }).logps) as never)([hidden, weight], dy);
  const expected = run(compositeTokenLogps);
  for (const [i, gradient] of run(tokenLogps).entries()) {
    expect(relativeError(gradient, expected[i]!.dataSync())).toBeLessThan(3e-6);
  }
});

test("logits of 1e4 neither overflow nor lose the entropy", () => {
  const hidden = floats<Tensor2D>(Float64Array.of(100), [1, 1]);
  const weight = floats<Tensor2D>(Float64Array.of(100, 100, -100), [3, 1]);
  const { logps, entropy } = tokenLogps(hidden, weight, tensor1d([1], "int32"));
  expect(relativeError(logps, [-Math.LN2])).toBeLessThan(1e-6);
  expect(relativeError(entropy, [Math.LN2])).toBeLessThan(1e-6);
});

test("an id outside the vocabulary is named", () => {
  const x = floats<Tensor2D>(normals(14)(6), [3, 2]);
  expect(() => tokenLogps(x, x, tensor1d([0, 3, 1], "int32"))).toThrow("ids[1]=3 must lie in [0, V=3)");
  expect(() => tokenLogps(x, x, tensor1d([0, 1, -1], "int32"))).toThrow("ids[2]=-1 must lie in [0, V=3)");
});

test("200 calls with gradients leave nothing behind", () => {
  const x = floats<Tensor2D>(normals(15)(35), [5, 7]);
  const op = (h: Tensor, w: Tensor) =>
    tokenLogps(h as Tensor2D, w as Tensor2D, tensor1d(idsOf(5, 5), "int32"), { chunkSize: 2 }).logps;
  expect(leaked(() => void grads(op as never)([x, x]))).toEqual({ tensors: 0, buffers: 0 });
});
