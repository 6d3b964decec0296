import type { TensorInfo } from "@tensorflow/tfjs-core";
import { attention, attentionGrad, varlenAttention, varlenAttentionGrad } from "./attention.ts";
import { decodeKernels } from "./decode/kernels.ts";
import { gelu, geluGrad, swiglu, swigluGrad } from "./elementwise.ts";
import { globalNorm } from "./global-norm.ts";
import { adamwUpdate, addInPlace, cacheWrite } from "./in-place.ts";
import type { KernelCall } from "./override.ts";
import { rmsNorm, rmsNormGrad } from "./rms-norm.ts";
import { rotaryEmbedding } from "./rotary-embedding.ts";
import { tokenLogps, tokenLogpsGrad } from "./token-logps.ts";

/** Kernels that tfjs does not know; src/ops/ calls them where they are registered. */
export const fusedKernels: Record<string, (call: KernelCall) => TensorInfo | TensorInfo[]> = {
  AdamwUpdate: adamwUpdate,
  AddInPlace: addInPlace,
  Attention: attention,
  AttentionGrad: attentionGrad,
  CacheWrite: cacheWrite,
  ...decodeKernels,
  Gelu: gelu,
  GeluGrad: geluGrad,
  GlobalNorm: globalNorm,
  RmsNorm: rmsNorm,
  RmsNormGrad: rmsNormGrad,
  RotaryEmbedding: rotaryEmbedding,
  Swiglu: swiglu,
  SwigluGrad: swigluGrad,
  TokenLogps: tokenLogps,
  TokenLogpsGrad: tokenLogpsGrad,
  VarlenAttention: varlenAttention,
  VarlenAttentionGrad: varlenAttentionGrad,
};
