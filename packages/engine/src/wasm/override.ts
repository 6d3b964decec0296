import {
  getKernel,
  type KernelBackend,
  type NamedAttrMap,
  type NamedTensorInfoMap,
  registerKernel,
  type TensorInfo,
  unregisterKernel,
} from "@tensorflow/tfjs-core";

export interface KernelCall {
  inputs: NamedTensorInfoMap;
  attrs: NamedAttrMap;
  backend: KernelBackend;
}

/** A kernel, or undefined where it leaves a call to tfjs' own kernel of that name. */
export type Override = (call: KernelCall) => TensorInfo | TensorInfo[] | undefined;

/** Puts `kernel` in front of tfjs' own wasm kernel. */
export function override(kernelName: string, kernel: Override): void {
  const own = getKernel(kernelName, "wasm");
  unregisterKernel(kernelName, "wasm");
  registerKernel({
    ...own,
    kernelFunc: (call) => kernel(call as KernelCall) ?? own.kernelFunc(call),
  });
}
