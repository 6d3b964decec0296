import { grads, type Tensor, type Tensor2D, type Tensor3D, type Tensor4D, tensor } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";
import * as reference from "../../test/reference.ts";
import { errorsAgainst, floats, leaked, normals, relativeError } from "../../test/support.ts";
import { initEngine } from "../backend.ts";
import { type AttentionOptions, attention, compositeAttention } from "../ops/attention.ts";
import { varlenAttention } from "../ops/varlen-attention.ts";

beforeAll(async () => void (await initEngine({ backend: "wasm" })));

const cases: (reference.AttentionSizes & { why: string })[] = [
  { B: 1, T: 1, S: 1, N: 1, K: 1, H: 1, why: "smallest" },
  { B: 2, T: 5, S: 5, N: 4, K: 2, H: 8, causal: true, why: "grouped, causal" },
  { B: 1, T: 3, S: 7, N: 2, K: 1, H: 12, causal: true, why: "bottom-right alignment: a prefix of 4 keys" },
  { B: 1, T: 7, S: 3, N: 2, K: 2, H: 5, causal: true, why: "the first queries see nothing" },
  { B: 1, T: 34, S: 37, N: 1, K: 1, H: 4, causal: true, why: "more than one block of queries" },
  { B: 2, T: 4, S: 9, N: 6, K: 2, H: 3, keyCount: 6, why: "part of a longer buffer" },
  { B: 2, T: 1, S: 11, N: 4, K: 2, H: 16, causal: true, keyCount: 9, why: "a decoding step" },
  { B: 1, T: 1, S: 6, N: 2, K: 1, H: 20, causal: true, why: "a decoding step, head dim 20" },
  { B: 1, T: 1, S: 6, N: 2, K: 1, H: 6, causal: true, why: "a decoding step, head dim no multiple of 4" },
  { B: 1, T: 2, S: 10, N: 1, K: 1, H: 4, scale: 0.9, why: "a scale of its own" },
  {
    B: 2,
    T: 4,
    S: 6,
    N: 2,
    K: 1,
    H: 4,
    causal: true,
    why: "left padding, one query of it blind",
    keyMask: [1, 1, 1, 1, 1, 1, 0, 0, 0, 1, 1, 1],
  },
  { B: 1, T: 3, S: 5, N: 1, K: 1, H: 4, keyMask: [0, 0, 0, 0, 0], why: "every key hidden" },
  { B: 2, T: 1, S: 5, N: 2, K: 1, H: 8, keyMask: [0, 1, 1, 0, 1, 0, 0, 0, 0, 0], why: "decoding with a mask" },
];

const optionsOf = ({ B, S, causal = false, keyMask, keyCount, scale }: reference.AttentionSizes): AttentionOptions => ({
  causal,
  ...(keyCount !== undefined && { keyCount }),
  ...(scale !== undefined && { scale }),
  ...(keyMask && { keyMask: tensor([...keyMask], [B, S], "int32") as Tensor2D }),
});

const inputsOf = ({ B, T, S, N, K, H }: reference.AttentionSizes, seed: number) => {
  const next = normals(seed);
  return [
    { values: next(B * T * N * H, 2), shape: [B, T, N, H] },
    { values: next(B * S * K * H), shape: [B, S, K, H] },
    { values: next(B * S * K * H), shape: [B, S, K, H] },
  ];
};

describe("attention", () => {
  test.each(cases)("B=$B T=$T S=$S N=$N K=$K H=$H: $why", (sizes) => {
    const options = optionsOf(sizes);
    const { value, gradients } = errorsAgainst(
      (q, k, v) => reference.attention(q!, k!, v!, sizes),
      (q, k, v) => attention(q as Tensor4D, k as Tensor4D, v as Tensor4D, options),
      inputsOf(sizes, 7),
    );
    expect(value).toBeLessThan(1e-6);
    for (const error of gradients) expect(error).toBeLessThan(3e-6);
  });

  test("equals the composite at training size, masked and causal", () => {
    const sizes = { B: 2, T: 80, S: 120, N: 4, K: 2, H: 32, causal: true };
    const keyMask = Array.from({ length: 240 }, (_, i) => (i % 120 < 20 && i >= 120 ? 0 : 1));
    const options = optionsOf({ ...sizes, keyMask });
    const tensors = inputsOf(sizes, 8).map(({ values, shape }) => floats<Tensor4D>(values, shape));
    const dy = floats<Tensor4D>(normals(9)(2 * 80 * 4 * 32), [2, 80, 4, 32]);
    const run = (f: typeof attention) =>
      grads(((q: Tensor4D, k: Tensor4D, v: Tensor4D) => f(q, k, v, options)) as never)(tensors, dy);
    const expected = run(compositeAttention);
    for (const [i, gradient] of run(attention).entries()) {
      expect(relativeError(gradient, expected[i]!.dataSync())).toBeLessThan(3e-6);
    }
  });

  test("large scores do not overflow", () => {
    const q = floats<Tensor4D>(Float64Array.of(1e4, 0, 0, 0), [1, 1, 1, 4]);
    const k = floats<Tensor4D>(Float64Array.of(1, 0, 0, 0, -1, 0, 0, 0), [1, 2, 1, 4]);
    const v = floats<Tensor4D>(Float64Array.of(1, 2, 3, 4, 5, 6, 7, 8), [1, 2, 1, 4]);
    expect(Array.from(attention(q, k, v, { causal: false }).dataSync())).toEqual([1, 2, 3, 4]);
  });
});

describe("varlenAttention", () => {
  test.each([
    { lengths: [4, 9, 6], N: 2, K: 2, H: 8, why: "windows and a partial one" },
    { lengths: [1, 0, 5, 0], N: 4, K: 2, H: 10, why: "empty segments, grouped heads" },
    { lengths: [34], N: 1, K: 1, H: 5, why: "one segment, more than a block" },
  ])("$lengths N=$N H=$H: $why", ({ lengths, N, K, H }) => {
    const cuSeqlens = Int32Array.from([0, ...lengths.map((_, i) => lengths.slice(0, i + 1).reduce((a, b) => a + b))]);
    const P = cuSeqlens.at(-1)!;
    const next = normals(10);
    const expected = (q: reference.Doubles, k: reference.Doubles, v: reference.Doubles) => {
      const parts = lengths.map((length, i) => {
        const part = (x: reference.Doubles, heads: number) =>
          x.subarray(cuSeqlens[i]! * heads * H, cuSeqlens[i + 1]! * heads * H);
        return reference.attention(part(q, N), part(k, K), part(v, K), { B: 1, T: length, S: length, N, K, H });
      });
      return Float64Array.from(parts.flatMap((part) => [...part]));
    };
    const { value, gradients } = errorsAgainst(
      (q, k, v) => expected(q!, k!, v!),
      (q, k, v) => varlenAttention(q as Tensor3D, k as Tensor3D, v as Tensor3D, cuSeqlens),
      [N, K, K].map((heads) => ({ values: next(P * heads * H), shape: [P, heads, H] })),
    );
    expect(value).toBeLessThan(1e-6);
    for (const error of gradients) expect(error).toBeLessThan(3e-6);
  });
});

test("200 calls with gradients leave nothing behind", () => {
  const sizes = { B: 1, T: 3, S: 5, N: 2, K: 1, H: 6, causal: true, keyMask: [0, 1, 1, 1, 1] };
  const tensors = inputsOf(sizes, 11).map(({ values, shape }) => floats<Tensor4D>(values, shape));
  const options = optionsOf(sizes);
  const op = (q: Tensor, k: Tensor, v: Tensor) => attention(q as Tensor4D, k as Tensor4D, v as Tensor4D, options);
  expect(leaked(() => void grads(op as never)(tensors))).toEqual({ tensors: 0, buffers: 0 });
});
