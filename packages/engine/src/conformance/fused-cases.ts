// The fused kernel of an op against the same op from tfjs ops, at sizes that fill blocks and leave tails.
import {
  cos,
  dispose,
  mul,
  type Scalar,
  sin,
  sum,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  type Tensor3D,
  type Tensor4D,
  tensor,
  tidy,
  variable,
} from "@tensorflow/tfjs-core";
import { hasKernel } from "../fused.ts";
import { valueAndGrads } from "../gradients.ts";
import { type AttentionOptions, attention, compositeAttention } from "../ops/attention.ts";
import { compositeGelu, gelu } from "../ops/gelu.ts";
import { compositeLinear, linear } from "../ops/linear.ts";
import { compositeRmsNorm, rmsNorm } from "../ops/rms-norm.ts";
import { compositeRotaryEmbedding, rotaryEmbedding } from "../ops/rotary-embedding.ts";
import { compositeSwiglu, swiglu } from "../ops/swiglu.ts";
import { compositeTokenLogps, type TokenLogpsOptions, tokenLogps } from "../ops/token-logps.ts";
import { compositeVarlenAttention, type VarlenAttentionOptions, varlenAttention } from "../ops/varlen-attention.ts";
import { type Check, close, noise, sizeOf } from "./check.ts";
import type { StateCase } from "./state-case.ts";

type Op = (inputs: Tensor[]) => Tensor;

interface FusedCase {
  name: string;
  kernel: string;
  shapes: number[][];
  fused: Op;
  composite: Op;
  scale?: number;
}

const linearOn =
  (op: typeof linear): Op =>
  ([x, weight, bias]) =>
    op(x!, weight as Tensor2D, bias as Tensor1D);

const rmsNormOn =
  (op: typeof rmsNorm): Op =>
  ([x, weight]) =>
    op(x!, weight as Tensor1D, 1e-6);

const rotaryOn =
  (op: typeof rotaryEmbedding): Op =>
  ([x]) => {
    const [, T, , H] = x!.shape as [number, number, number, number];
    const angles = tensor(noise(5, (T * H) / 2, 3), [1, T, H / 2]); // one table for all rows
    return op(x as Tensor4D, cos(angles) as Tensor3D, sin(angles) as Tensor3D);
  };

const attentionOn =
  (op: typeof attention, options: AttentionOptions, seen?: (b: number, s: number) => boolean): Op =>
  ([q, k, v]) => {
    const [B, S] = k!.shape as [number, number];
    const keep = seen && Int32Array.from({ length: B * S }, (_, i) => Number(seen(Math.floor(i / S), i % S)));
    const keyMask = keep && { keyMask: tensor(keep, [B, S], "int32") as Tensor2D };
    return op(q as Tensor4D, k as Tensor4D, v as Tensor4D, { ...options, ...keyMask });
  };

const varlenOn =
  (op: typeof varlenAttention, offsets: number[], options?: VarlenAttentionOptions): Op =>
  ([q, k, v]) =>
    op(q as Tensor3D, k as Tensor3D, v as Tensor3D, Int32Array.from(offsets), options);

const tokenLogpsOn =
  (op: typeof tokenLogps, options: TokenLogpsOptions): Op =>
  ([hidden, weight]) => {
    const [T, V] = [hidden!.shape[0]!, weight!.shape[0]!];
    const ids = Int32Array.from({ length: T }, (_, t) => (t * 37) % V);
    return op(hidden as Tensor2D, weight as Tensor2D, tensor(ids, [T], "int32") as Tensor1D, options).logps;
  };

const attentionCase = (
  name: string,
  [B, T, S, N, K, H]: [number, number, number, number, number, number],
  options: AttentionOptions,
  seen?: (b: number, s: number) => boolean,
): FusedCase => ({
  name: `attention, ${name}`,
  kernel: "Attention",
  shapes: [
    [B, T, N, H],
    [B, S, K, H],
    [B, S, K, H],
  ],
  fused: attentionOn(attention, options, seen),
  composite: attentionOn(compositeAttention, options, seen),
});

const varlenCase = (
  name: string,
  offsets: number[],
  [N, K, H]: [number, number, number],
  options: VarlenAttentionOptions = {},
): FusedCase => {
  const keys = [options.cuKeys?.at(-1) ?? offsets.at(-1)!, K, H];
  return {
    name: `varlenAttention, ${name}`,
    kernel: "VarlenAttention",
    shapes: [[offsets.at(-1)!, N, H], keys, keys],
    fused: varlenOn(varlenAttention, offsets, options),
    composite: varlenOn(compositeVarlenAttention, offsets, options),
  };
};

const cases: FusedCase[] = [
  {
    name: "linear",
    kernel: "Linear",
    shapes: [[2, 67, 300], [131, 300], [131]],
    fused: linearOn(linear),
    composite: linearOn(compositeLinear),
  },
  {
    name: "rmsNorm",
    kernel: "RmsNorm",
    shapes: [[37, 3, 130], [130]],
    fused: rmsNormOn(rmsNorm),
    composite: rmsNormOn(compositeRmsNorm),
  },
  {
    name: "rotaryEmbedding, one table for all rows",
    kernel: "RotaryEmbedding",
    shapes: [[3, 17, 4, 20]],
    fused: rotaryOn(rotaryEmbedding),
    composite: rotaryOn(compositeRotaryEmbedding),
  },
  {
    name: "swiglu",
    kernel: "Swiglu",
    shapes: [
      [5, 1001],
      [5, 1001],
    ],
    scale: 8,
    fused: ([a, b]) => swiglu(a!, b!),
    composite: ([a, b]) => compositeSwiglu(a!, b!),
  },
  {
    name: "gelu",
    kernel: "Gelu",
    shapes: [[3, 333]],
    scale: 3,
    fused: ([x]) => gelu(x!),
    composite: ([x]) => compositeGelu(x!),
  },
  attentionCase("causal prefill", [2, 70, 70, 4, 2, 20], { causal: true }),
  attentionCase("continued prefill over a buffer", [2, 19, 140, 4, 4, 32], { causal: true, keyCount: 131 }),
  attentionCase("left padding", [3, 33, 33, 2, 1, 16], { causal: true }, (b, s) => s >= b * 9),
  attentionCase(
    "decode with masked keys",
    [5, 1, 77, 4, 2, 32],
    { causal: true, keyCount: 70 },
    (b, s) => (s + b) % 5 > 0,
  ),
  attentionCase("not causal", [1, 45, 45, 3, 3, 10], { causal: false }),
  varlenCase(
    "windows of 4",
    Array.from({ length: 33 }, (_, i) => 4 * i),
    [4, 4, 16],
  ),
  varlenCase("uneven windows", [0, 64, 64, 81, 82, 146], [2, 2, 20]),
  varlenCase("causal, grouped heads", [0, 33, 34, 34, 70], [6, 2, 12], { causal: true }),
  varlenCase("completions of two of three prompts", [0, 19, 50, 57, 64, 65, 90], [4, 2, 16], {
    causal: true,
    prefixOf: Int32Array.of(-1, -1, -1, 0, 0, 2),
  }),
  varlenCase("the last tokens of prompts, and completions", [0, 1, 2, 9, 9, 22], [4, 2, 16], {
    causal: true,
    cuKeys: Int32Array.of(0, 21, 36, 43, 44, 57),
    prefixOf: Int32Array.of(-1, -1, 0, 1, 1),
  }),
  ...[
    { T: 70, V: 131, options: { chunkSize: 32 } },
    { T: 33, V: 1030, options: { chunkSize: 100, temperature: 0.5 } },
  ].map(({ T, V, options }) => ({
    name: `tokenLogps, [${T}, ${V}]`,
    kernel: "TokenLogps",
    shapes: [
      [T, 36],
      [V, 36],
    ],
    fused: tokenLogpsOn(tokenLogps, options),
    composite: tokenLogpsOn(compositeTokenLogps, options),
  })),
];

function checkFused(check: Check, { kernel, shapes, fused, composite, scale }: FusedCase): void {
  if (!hasKernel(kernel)) return; // the op is its composite form then
  const inputs = shapes.map((shape, i) => tidy(() => variable(tensor(noise(i + 1, sizeOf(shape), scale ?? 1), shape))));
  const named = Object.fromEntries(inputs.map((input, i) => [`input ${i}`, input]));
  const [actual, expected] = [fused, composite].map((op) => {
    const y = tidy(() => op(inputs));
    const cotangent = tensor(noise(9, y.size), y.shape);
    const { value, grads } = valueAndGrads(() => sum(mul(op(inputs), cotangent)) as Scalar, named);
    const result = {
      y: y.dataSync(),
      ...Object.fromEntries(Object.entries(grads).map(([name, g]) => [name, g.dataSync()])),
    };
    dispose([y, cotangent, value, ...Object.values(grads)]);
    return result as Record<string, ArrayLike<number>>;
  }) as [Record<string, ArrayLike<number>>, Record<string, ArrayLike<number>>];
  for (const name of Object.keys(expected)) close(check, name, actual[name]!, expected[name]!);
  dispose(inputs);
}

export const fusedCases: readonly StateCase[] = cases.map((fusedCase) => ({
  name: `fused and composite agree: ${fusedCase.name}`,
  run: (check) => checkFused(check, fusedCase),
}));
