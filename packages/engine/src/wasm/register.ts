import { registerKernel } from "@tensorflow/tfjs-core";
import { loadKernels } from "./module.ts";
import { unsortedSegmentSum } from "./unsorted-segment-sum.ts";

let registered = false;

/** Adds our kernels to tfjs' wasm backend, which must be current. */
export async function registerWasmKernels(): Promise<void> {
  await loadKernels();
  if (registered) return;
  registered = true;
  for (const config of [unsortedSegmentSum]) registerKernel(config);
}
