// Attention at sizes that fill several blocks of queries and leave tails, and at its edges: beyond the conformance suite.
import {
  concat,
  expandDims,
  slice,
  squeeze,
  type Tensor,
  type Tensor2D,
  type Tensor3D,
  type Tensor4D,
  tensor,
  tensor2d,
} from "@tensorflow/tfjs-core";
import { type AttentionOptions, attention, initEngine, varlenAttention } from "@videor1/engine";
import { beforeAll, describe, expect, test } from "vitest";
import { attentionOf, attentionShapes, expectClose, noise, type Op, run } from "../test/fused.ts";
import { torch, whyNot } from "../test/torch.ts";

/** softmax(scale q k^T) v, query by query, in float64. */
function plainAttention([q, k, v]: Float32Array[], shapes: number[][], options: AttentionOptions): Float32Array {
  const [B, T, N, H] = shapes[0] as [number, number, number, number];
  const [, S, K] = shapes[1] as [number, number, number, number];
  const mask = options.keyMask?.dataSync();
  const used = options.keyCount ?? S;
  const y = new Float32Array(B * T * N * H);
  for (let b = 0; b < B; b++) {
    for (let t = 0; t < T; t++) {
      for (let n = 0; n < N; n++) {
        const key = (s: number) => ((b * S + s) * K + Math.floor((n * K) / N)) * H;
        const query = ((b * T + t) * N + n) * H;
        const seen = Array.from({ length: used }, (_, s) => s).filter(
          (s) => (!options.causal || s <= t + used - T) && (!mask || mask[b * S + s] === 1),
        );
        const scores = seen.map((s) => {
          let dot = 0;
          for (let h = 0; h < H; h++) dot += q![query + h]! * k![key(s) + h]!;
          return Math.exp(dot / Math.sqrt(H));
        });
        const total = scores.reduce((a, b) => a + b, 0);
        for (const [i, s] of seen.entries())
          for (let h = 0; h < H; h++) y[query + h]! += (scores[i]! / total) * v![key(s) + h]!;
      }
    }
  }
  return y;
}

describe.skipIf(!torch)(`fused attention${whyNot}`, () => {
  beforeAll(async () => void (await initEngine({ backend: "torch" })));

  test.each([
    { why: "three blocks of queries, 7 query heads to a key head", B: 1, T: 101, S: 101, N: 7, K: 1, H: 24 },
    { why: "a buffer, most of it in use", B: 2, T: 50, S: 160, N: 4, K: 2, H: 17, keyCount: 149 },
    { why: "decoding, 28 to 4 heads", B: 3, T: 1, S: 61, N: 28, K: 4, H: 40, keyCount: 55 },
    { why: "more queries than keys: the first see none", B: 1, T: 60, S: 20, N: 2, K: 2, H: 8 },
    { why: "left padding", B: 3, T: 53, S: 53, N: 6, K: 3, H: 16, padding: 20 },
  ])("attention, $why", ({ B, T, S, N, K, H, keyCount, padding }) => {
    const shapes = attentionShapes(B, T, S, N, K, H);
    const keep = Int32Array.from({ length: B * S }, (_, i) => Number(i % S >= padding! * Math.floor(i / S)));
    const keyMask = padding ? { keyMask: tensor(keep, [B, S], "int32") as Tensor2D } : {};
    const options = { causal: true, ...(keyCount && { keyCount }), ...keyMask };
    const values = shapes.map((shape, i) => noise(shape, i + 1).dataSync<"float32">());
    expectClose([run(attentionOf(options), shapes)[0]!], [plainAttention(values, shapes, options)]);
  });

  test("the gradient of attention is its slope, over block borders", () => {
    const shapes = attentionShapes(1, 100, 100, 4, 2, 6);
    const op = attentionOf({ causal: true });
    const [, ...grads] = run(op, shapes);
    const inputs = shapes.map((shape, i) => noise(shape, i + 1).dataSync<"float32">());
    const weights = noise(shapes[0]!, 99).dataSync();
    const value = () =>
      plainAttention(inputs, shapes, { causal: true }).reduce((total, y, i) => total + y * weights[i]!, 0);
    for (const [i, place] of [3, 47 * 24, 48 * 24 + 5, 99 * 24 + 23, 12, 47 * 12 + 1, 99 * 12, 48 * 12 + 7].entries()) {
      const x = inputs[i < 4 ? 0 : 1 + (i % 2)]!;
      const at = x[place]!;
      const [above, below] = [1e-2, -1e-2].map((step) => {
        x[place] = at + step;
        return value();
      }) as [number, number];
      x[place] = at;
      expect(grads[i < 4 ? 0 : 1 + (i % 2)]![place]).toBeCloseTo((above - below) / 2e-2, 3);
    }
  });

  test("a query that sees no key gives 0 exactly, and no gradient", () => {
    const keyMask = tensor2d([0, 0, 1, 1, 0, 0, 0, 0], [2, 4], "int32");
    const [y, dq, dk, dv] = run(attentionOf({ causal: true, keyMask }), attentionShapes(2, 4, 4, 2, 1, 3));
    const blind = (x: Float32Array) => [...x.subarray(0, 2 * 6), ...x.subarray(4 * 6)];
    expect(blind(y!).every((value) => value === 0)).toBe(true);
    expect(blind(dq!).every((value) => value === 0)).toBe(true);
    for (const x of [dk!, dv!])
      expect([...x.subarray(0, 6), ...x.subarray(12)].every((value) => value === 0)).toBe(true);
    expect(y!.subarray(2 * 6, 4 * 6).every((value) => value !== 0)).toBe(true);
  });

  test("varlenAttention is attention of each segment", () => {
    const offsets = [0, 97, 97, 98, 130];
    const parts: Op = ([q, k, v]) => {
      const four = (x: Tensor, i: number) => {
        const [start, end] = [offsets[i]!, offsets[i + 1]!];
        return expandDims(slice(x, [start, 0, 0], [end - start, -1, -1]), 0) as Tensor4D;
      };
      const ys = [0, 2, 3].map((i) =>
        squeeze(attention(four(q!, i), four(k!, i), four(v!, i), { causal: false }), [0]),
      );
      return concat(ys, 0);
    };
    const whole: Op = ([q, k, v]) =>
      varlenAttention(q as Tensor3D, k as Tensor3D, v as Tensor3D, Int32Array.from(offsets));
    const shapes = [
      [130, 6, 12],
      [130, 2, 12],
      [130, 2, 12],
    ];
    expectClose(run(whole, shapes), run(parts, shapes));
  });
});
