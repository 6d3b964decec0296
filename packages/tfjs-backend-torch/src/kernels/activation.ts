import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { KernelCall } from "../register.ts";

/** tfjs' names of activations; "linear" is none. */
const kernels: Record<string, string> = {
  relu: "Relu",
  relu6: "Relu6",
  elu: "Elu",
  sigmoid: "Sigmoid",
  prelu: "Prelu",
  leakyrelu: "LeakyRelu",
};

/** activation(y + bias), as the kernels _FusedMatMul and FusedConv2D end; y is disposed of. */
export function activated({ inputs, attrs, backend }: KernelCall, y: TensorInfo): TensorInfo {
  const { bias, preluActivationWeights } = inputs;
  const { activation = "linear", leakyreluAlpha = 0 } = attrs as { activation?: string; leakyreluAlpha?: number };
  const then = (next: TensorInfo) => {
    backend.disposeData(y.dataId);
    y = next;
  };
  if (bias) then(backend.callOne("Add", [y, bias]));
  const kernel = kernels[activation];
  if (kernel) {
    const others = activation === "prelu" ? [preluActivationWeights!] : [];
    then(backend.callOne(kernel, [y, ...others], [], activation === "leakyrelu" ? [leakyreluAlpha] : []));
  } else if (activation !== "linear") throw new RangeError(`The torch backend has no fused activation ${activation}`);
  return y;
}
