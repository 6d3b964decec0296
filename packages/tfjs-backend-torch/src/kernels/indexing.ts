import { backend_util, util } from "@tensorflow/tfjs-core";
import { dtypeCode } from "../dtypes.ts";
import type { DirectKernel, TorchKernel } from "../register.ts";

const gather: TorchKernel = ({ inputs, attrs, backend }) => {
  const [x, indices] = [inputs.x!, inputs.indices!];
  const [axis] = util.parseAxisParam(attrs.axis, x.shape);
  backend_util.segment_util.collectGatherOpShapeInfo(x as never, indices as never, axis!, attrs.batchDims ?? 0);
  return backend.callOne("GatherV2", [x, indices], [axis!, attrs.batchDims ?? 0]);
};

const oneHot: TorchKernel = ({ inputs, attrs, backend }) =>
  backend.callOne(
    "OneHot",
    [inputs.indices],
    [attrs.depth, dtypeCode(attrs.dtype ?? "int32")],
    [attrs.onValue, attrs.offValue],
  );

export const indexingKernels: Record<string, DirectKernel | TorchKernel> = {
  GatherNd: { inputs: ["params", "indices"] },
  GatherV2: gather,
  OneHot: oneHot,
  ScatterNd: { inputs: ["indices", "updates"], attrs: { shape: "ints" } },
  SparseToDense: { inputs: ["sparseIndices", "sparseValues", "defaultValue"], attrs: { outputShape: "ints" } },
  TensorScatterUpdate: { inputs: ["tensor", "indices", "updates"] },
  UnsortedSegmentSum: { inputs: ["x", "segmentIds"], attrs: { numSegments: "int" } },
};
