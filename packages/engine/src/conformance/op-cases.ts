// Every op of the package against its formula. Sizes are small and odd on purpose: vector kernels have tails.
import {
  cos,
  sin,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  type Tensor3D,
  type Tensor4D,
  tensor,
  tensor1d,
  tensor2d,
} from "@tensorflow/tfjs-core";
import { type AttentionOptions, attention } from "../ops/attention.ts";
import { linear } from "../ops/linear.ts";
import { rmsNorm } from "../ops/rms-norm.ts";
import { rotaryEmbedding } from "../ops/rotary-embedding.ts";
import { swiglu } from "../ops/swiglu.ts";
import { tokenLogps } from "../ops/token-logps.ts";
import { varlenAttention } from "../ops/varlen-attention.ts";
import { noise, type OpCase } from "./check.ts";
import * as reference from "./references.ts";

const linearCases: OpCase[] = [
  {
    shapes: [
      [3, 5],
      [7, 5],
    ],
    why: "no bias",
  },
  { shapes: [[3, 5], [7, 5], [7]], why: "bias" },
  { shapes: [[2, 3, 9], [4, 9], [4]], why: "leading axes" },
  { shapes: [[1, 4], [1, 4], [1]], why: "one row, one column" },
].map(({ shapes, why }) => ({
  name: `linear, ${why}`,
  shapes,
  forward: ([x, weight, bias]) => linear(x!, weight as Tensor2D, bias as Tensor1D | undefined),
  reference: ([x, weight, bias]) => reference.linear(x!, weight!, bias, shapes[0]!.at(-1)!),
}));

const rmsNormCases: OpCase[] = [
  { shape: [2, 3, 8], eps: 1e-6, scale: 1 },
  { shape: [5, 7], eps: 1e-6, scale: 1 },
  { shape: [3, 9], eps: 1, scale: 0.1 }, // eps dominates
].map(({ shape, eps, scale }) => ({
  name: `rmsNorm, [${shape}], eps ${eps}`,
  shapes: [shape, [shape.at(-1)!]],
  scale,
  forward: ([x, weight]) => rmsNorm(x!, weight as Tensor1D, eps),
  reference: ([x, weight]) => reference.rmsNorm(x!, weight!, eps),
}));

const rotaryCases: OpCase[] = [
  [2, 3, 2, 8],
  [1, 5, 3, 6],
  [1, 2, 1, 2],
].map((shape) => {
  const [B, T, N, H] = shape as [number, number, number, number];
  const angles = noise(7, (B * T * H) / 2, 3);
  const table = (f: <T extends Tensor>(x: T) => T) => f(tensor(angles, [B, T, H / 2])) as Tensor3D;
  return {
    name: `rotaryEmbedding, [${shape}]`,
    shapes: [shape],
    forward: ([x]) => rotaryEmbedding(x as Tensor4D, table(cos), table(sin)),
    reference: ([x]) => reference.rotaryEmbedding(x!, Float64Array.from(angles), N, H),
  };
});

const swigluCases: OpCase[] = [1, 30].map((scale) => ({
  name: `swiglu, gates of scale ${scale}`,
  shapes: [[13], [13]],
  scale,
  forward: ([gate, up]) => swiglu(gate!, up!),
  reference: ([gate, up]) => reference.swiglu(gate!, up!),
}));

interface AttentionRow extends reference.AttentionSizes {
  why: string;
  options: Omit<AttentionOptions, "keyMask">;
  mask?: number[][];
}

const sizes = { B: 2, T: 3, S: 3, N: 2, K: 2, H: 4 };
const attentionRows: AttentionRow[] = [
  { ...sizes, why: "all keys", options: { causal: false } },
  { ...sizes, why: "causal", options: { causal: true } },
  { ...sizes, why: "grouped heads", N: 4, K: 2, options: { causal: true } },
  { ...sizes, why: "odd head dim, own scale", H: 5, options: { causal: true, scale: 0.3 } },
  { ...sizes, why: "fewer queries than keys", S: 5, options: { causal: true } },
  { ...sizes, why: "one query", T: 1, S: 6, N: 4, options: { causal: true } },
  { ...sizes, why: "only the first keys of a buffer", T: 2, S: 7, options: { causal: true, keyCount: 4 } },
  {
    ...sizes,
    why: "masked keys",
    options: { causal: false },
    mask: [
      [1, 0, 1],
      [1, 1, 0],
    ],
  },
  // Left padding: the first query of row 0 sees no key.
  {
    ...sizes,
    why: "queries that see no key",
    options: { causal: true },
    mask: [
      [0, 1, 1],
      [0, 0, 1],
    ],
  },
  {
    ...sizes,
    why: "mask over a buffer",
    T: 1,
    S: 5,
    options: { causal: true, keyCount: 3 },
    mask: [
      [0, 1, 1, 1, 1],
      [1, 1, 1, 0, 0],
    ],
  },
  { ...sizes, why: "one position", T: 1, S: 1, options: { causal: true } },
];

const attentionCases: OpCase[] = attentionRows.map(({ why, options, mask, ...row }) => {
  const { B, T, S, N, K, H } = row;
  const used = options.keyCount ?? S;
  const sees = (b: number, t: number, s: number) =>
    s < used && (!options.causal || s <= t + used - T) && (mask ? mask[b]![s] === 1 : true);
  return {
    name: `attention, ${why}`,
    shapes: [
      [B, T, N, H],
      [B, S, K, H],
      [B, S, K, H],
    ],
    forward: ([q, k, v]) => {
      const keyMask = mask && { keyMask: tensor2d(mask, [B, S], "int32") };
      return attention(q as Tensor4D, k as Tensor4D, v as Tensor4D, { ...options, ...keyMask });
    },
    reference: ([q, k, v]) => reference.attention(q!, k!, v!, row, sees, options.scale),
  };
});

const varlenCases: OpCase[] = [
  [0, 3, 3, 10],
  [0, 4, 8, 12],
  [0, 1],
].map((offsets) => {
  const P = offsets.at(-1)!;
  const segmentOf = (p: number) => offsets.findLastIndex((offset) => offset <= p);
  return {
    name: `varlenAttention, offsets ${offsets}`,
    shapes: [
      [P, 2, 6],
      [P, 2, 6],
      [P, 2, 6],
    ],
    forward: ([q, k, v]) => varlenAttention(q as Tensor3D, k as Tensor3D, v as Tensor3D, Int32Array.from(offsets)),
    reference: ([q, k, v]) =>
      reference.attention(
        q!,
        k!,
        v!,
        { B: 1, T: P, S: P, N: 2, K: 2, H: 6 },
        (_, t, s) => segmentOf(t) === segmentOf(s),
      ),
  };
});

const ids = [0, 3, 6, 6, 2];
const tokenLogpsCases: OpCase[] = [
  { options: {}, scale: 1, why: "one chunk" },
  { options: { chunkSize: 2, temperature: 0.7 }, scale: 1, why: "three chunks, temperature" },
  { options: { chunkSize: 5 }, scale: 6, why: "large logits" },
].map(({ options, scale, why }) => ({
  name: `tokenLogps, ${why}`,
  shapes: [
    [5, 6],
    [7, 6],
  ],
  scale,
  forward: ([hidden, weight]) => {
    return tokenLogps(hidden as Tensor2D, weight as Tensor2D, tensor1d(ids, "int32"), options).logps;
  },
  reference: ([hidden, weight]) => reference.tokenLogps(hidden!, weight!, ids, options.temperature ?? 1).logps,
}));

export const opCases: readonly OpCase[] = [
  ...linearCases,
  ...rmsNormCases,
  ...rotaryCases,
  ...swigluCases,
  ...attentionCases,
  ...varlenCases,
  ...tokenLogpsCases,
];
