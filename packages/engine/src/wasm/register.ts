import { registerKernel, type TensorInfo } from "@tensorflow/tfjs-core";
import { cast, concat, gather, identity, pad, slice, split, transpose } from "./copies.ts";
import { fusedKernels } from "./fused.ts";
import { linear, linearGradInput, linearGradWeight } from "./linear.ts";
import { batchMatMul } from "./mat-mul.ts";
import { loadKernels } from "./module.ts";
import { type KernelCall, type Override, override } from "./override.ts";
import { mean, sum } from "./reductions.ts";
import { unsortedSegmentSum } from "./unsorted-segment-sum.ts";

const overrides: Record<string, Override> = {
  BatchMatMul: batchMatMul,
  Cast: cast,
  Concat: concat,
  GatherV2: gather,
  Identity: identity,
  Mean: mean,
  PadV2: pad,
  Slice: slice,
  SplitV: split,
  Sum: sum,
  Transpose: transpose,
};

const additions: Record<string, (call: KernelCall) => TensorInfo | TensorInfo[]> = {
  ...fusedKernels,
  Linear: linear,
  LinearGradInput: linearGradInput,
  LinearGradWeight: linearGradWeight,
  UnsortedSegmentSum: unsortedSegmentSum,
};

let registered = false;

/** Adds our kernels to tfjs' wasm backend, which must be current. Returns whether they use fused multiply-add. */
export async function registerWasmKernels(fma: boolean): Promise<boolean> {
  const hasFma = await loadKernels(fma);
  if (registered) return hasFma;
  registered = true;
  for (const [kernelName, kernel] of Object.entries(additions)) {
    registerKernel({ kernelName, backendName: "wasm", kernelFunc: (call) => kernel(call as KernelCall) });
  }
  for (const [name, kernel] of Object.entries(overrides)) override(name, kernel);
  return hasFma;
}
