import { createRequire } from "node:module";
import {
  type backend_util,
  findBackend,
  getKernel,
  type KernelBackend,
  type NamedTensorInfoMap,
  type TensorInfo,
} from "@tensorflow/tfjs-core";
import type { TorchKernel } from "../register.ts";

/** Rare kernels without a counterpart in ATen: they run on tfjs' "cpu" backend, in JavaScript, between two copies. */
const names = [
  ...["BatchToSpaceND", "Bincount", "BroadcastArgs", "CropAndResize", "DenseBincount", "DepthToSpace", "Diag"],
  ...["Dilation2D", "Dilation2DBackpropFilter", "Dilation2DBackpropInput", "FlipLeftRight", "LRN", "LRNGrad"],
  ...["MaxPoolWithArgmax", "NonMaxSuppressionV3", "NonMaxSuppressionV4", "NonMaxSuppressionV5", "ResizeBilinear"],
  ...["ResizeBilinearGrad", "ResizeNearestNeighbor", "ResizeNearestNeighborGrad", "RotateWithOffset", "SearchSorted"],
  ...["SpaceToBatchND", "SparseFillEmptyRows", "SparseReshape", "SparseSegmentMean", "SparseSegmentSum", "Transform"],
  "Unique",
];

/** tfjs' cpu backend, loaded at the first call. */
function cpuBackend(): KernelBackend {
  if (!findBackend("cpu")) createRequire(import.meta.url)("@tensorflow/tfjs-backend-cpu");
  return findBackend("cpu");
}

const onCpu =
  (name: string): TorchKernel =>
  ({ inputs, attrs, backend }) => {
    const cpu = cpuBackend();
    const copies = Object.entries(inputs).map(([key, { dataId, shape, dtype }]) => {
      const values = backend.readSync(dataId);
      return [key, { dataId: cpu.write(values, shape, dtype), shape, dtype }] as const;
    });
    const results = [
      getKernel(name, "cpu").kernelFunc({
        inputs: Object.fromEntries(copies) as NamedTensorInfoMap,
        attrs,
        backend: cpu,
      }),
    ].flat() as TensorInfo[];
    const outputs = results.map(({ dataId, shape, dtype }) => {
      const values = cpu.readSync(dataId) as backend_util.TypedArray;
      return { dataId: backend.write(values, shape, dtype), shape, dtype };
    });
    for (const { dataId } of [...copies.map(([, copy]) => copy), ...results]) cpu.disposeData(dataId, true);
    return outputs.length === 1 ? outputs[0]! : outputs;
  };

export const fallbackKernels: Record<string, TorchKernel> = Object.fromEntries(
  names.map((name) => [name, onCpu(name)]),
);
