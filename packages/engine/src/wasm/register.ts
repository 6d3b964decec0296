import { getKernel, registerKernel, unregisterKernel } from "@tensorflow/tfjs-core";
import { matMul } from "./mat-mul.ts";
import { loadKernels } from "./module.ts";
import { unsortedSegmentSum } from "./unsorted-segment-sum.ts";

let registered = false;

/** Adds our kernels to tfjs' wasm backend, which must be current, in place of its own of the same name. */
export async function registerWasmKernels(): Promise<void> {
  await loadKernels();
  if (registered) return;
  registered = true;
  for (const config of [matMul, unsortedSegmentSum]) {
    if (getKernel(config.kernelName, "wasm")) unregisterKernel(config.kernelName, "wasm");
    registerKernel(config);
  }
}
