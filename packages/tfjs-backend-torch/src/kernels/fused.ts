import type { DirectKernel, TorchKernel } from "../register.ts";

const attention = { causal: "int", keyCount: "int", scale: "number" } as const;
const varlen = { cuSeqlens: "ints", cuKeys: "ints", prefixOf: "ints", causal: "int", scale: "number" } as const;
const tokenLogps = { chunkSize: "int", frozenWeight: "int", temperature: "number" } as const;
const adamw = {
  step: "int",
  learningRate: "number",
  beta1: "number",
  beta2: "number",
  eps: "number",
  weightDecay: "number",
  factor: "number",
  first: "number",
} as const;

/** The kernels of the ops of @videor1/engine; native/fused.h says what each computes. An op with inputs in an array names them 0, 1, ... */
export const fusedKernels: Record<string, DirectKernel | TorchKernel> = {
  Linear: { inputs: ["x", "weight", "bias?"] },
  RmsNorm: { inputs: ["x", "weight"], attrs: { eps: "number" } },
  RmsNormGrad: { inputs: ["x", "weight", "dy"], attrs: { eps: "number" } },
  RotaryEmbedding: { inputs: ["x", "cos", "sin"], attrs: { direction: "number" } },
  Swiglu: { inputs: ["gate", "up"] },
  SwigluGrad: { inputs: ["gate", "up", "dy"] },
  Gelu: { inputs: ["x"] },
  GeluGrad: { inputs: ["x", "dy"] },
  Attention: { inputs: ["0", "1", "2", "3?"], attrs: attention },
  AttentionGrad: { inputs: ["0", "1", "2", "3", "4?", "5?"], attrs: attention },
  VarlenAttention: { inputs: ["0", "1", "2"], attrs: varlen },
  VarlenAttentionGrad: { inputs: ["0", "1", "2", "3", "4?", "5?"], attrs: varlen },
  TokenLogps: { inputs: ["hidden", "weight", "ids"], attrs: tokenLogps },
  TokenLogpsGrad: { inputs: ["hidden", "weight", "ids", "lse", "dy"], attrs: tokenLogps },
  /** In place, as the three that follow: the ops copy shared storage first. */
  AdamwUpdate: { inputs: ["param", "remainder?", "grad", "m", "v"], attrs: adamw },
  AdamwCodedUpdate: { inputs: ["param", "remainder?", "grad", "m", "v", "mAbsmax", "vAbsmax"], attrs: adamw },
  AddInPlace: { inputs: ["total", "x"] },
  CacheWrite: { inputs: ["cache", "x"], attrs: { position: "int" } },
  SumOfSquares: ({ inputs, backend }) => backend.callOne("SumOfSquares", Object.values(inputs)),
};
