import { type NamedAttrMap, registerKernel, type TensorInfo } from "@tensorflow/tfjs-core";
import type { TorchBackend } from "./backend.ts";

export interface KernelCall<Attrs = NamedAttrMap> {
  inputs: Record<string, TensorInfo>;
  attrs: Attrs;
  backend: TorchBackend;
}

// biome-ignore lint/suspicious/noExplicitAny: each kernel names its own attributes; tfjs-core passes them untyped.
export type TorchKernel = (call: KernelCall<any>) => TensorInfo | TensorInfo[];

/** An attribute that goes to the native kernel as it is: an integer or flag, a number, a list of integers. */
export type AttrKind = "int" | "number" | "ints";

/** A kernel whose inputs and attributes go to the native kernel of the same name in this order; "?" ends an optional input. */
export interface DirectKernel {
  inputs: readonly string[];
  attrs?: Record<string, AttrKind>;
}

/** Registers kernels by tfjs' names for the backend "torch". */
export function registerTorchKernels(kernels: Record<string, TorchKernel | DirectKernel>): void {
  for (const [kernelName, kernel] of Object.entries(kernels)) {
    const kernelFunc = typeof kernel === "function" ? kernel : direct(kernelName, kernel);
    registerKernel({
      kernelName,
      backendName: "torch",
      kernelFunc: (call) => kernelFunc(call as unknown as KernelCall),
    });
  }
}

function direct(kernelName: string, { inputs: names, attrs: kinds = {} }: DirectKernel): TorchKernel {
  const inputNames = names.map((name) => name.replace("?", ""));
  const attrKinds = Object.entries(kinds);
  return ({ inputs, attrs, backend }) => {
    const tensors = inputNames.map((name) => inputs[name]);
    if (attrKinds.length === 0) return one(backend.call(kernelName, tensors));
    const ints: number[] = [];
    const numbers: number[] = [];
    for (const [name, kind] of attrKinds) {
      const value = attrs[name];
      if (kind === "int") ints.push(Number(value));
      else if (kind === "number") numbers.push(value);
      else ints.push(value.length, ...value);
    }
    return one(backend.call(kernelName, tensors, ints, numbers));
  };
}

const one = (outputs: TensorInfo[]): TensorInfo | TensorInfo[] => (outputs.length === 1 ? outputs[0]! : outputs);
