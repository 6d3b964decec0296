import {
  engine,
  getKernel,
  mul,
  type NamedAttrMap,
  type NamedTensorMap,
  type Tensor,
  type Variable,
} from "@tensorflow/tfjs-core";

/** Whether the current backend has a fused kernel of this name. */
export const hasKernel = (name: string): boolean => getKernel(name, engine().backendName) !== undefined;

/** Runs a kernel of the current backend, on the tape if one is recording. */
export function runKernel<Result extends Tensor | Tensor[]>(
  name: string,
  inputs: NamedTensorMap | readonly Tensor[],
  attrs: NamedAttrMap = {},
): Result {
  return engine().runKernel<Result>(name, inputs as NamedTensorMap, attrs);
}

/** Number of tensors that use the variable's data, itself included. */
export const engineRefCount = (variable: Variable): number => engine().backend.refCount(variable.dataId);

/** Gives a variable that shares its data with another tensor a copy of its own, so that a kernel may write in place. */
export function unshare(variable: Variable): void {
  if (engineRefCount(variable) === 1) return;
  const copy = mul(variable, 1);
  variable.assign(copy);
  copy.dispose();
}
