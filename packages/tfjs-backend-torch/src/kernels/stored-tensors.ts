import type { DirectKernel } from "../register.ts";

/** Kernels of stored, split and parked tensors of @videor1/engine; positions are numbers, for files over 2 GiB. */
export const storedTensorKernels: Record<string, DirectKernel> = {
  ReadTensor: {
    inputs: [],
    attrs: { descriptor: "int", dtype: "int", bfloat16: "int", shape: "ints", position: "number" },
  },
  WriteTensor: { inputs: ["0", "1?"], attrs: { descriptor: "int", bfloat16: "int", later: "int", position: "number" } },
  SplitFloat32: { inputs: ["0"] },
  JoinFloat32: { inputs: ["0", "1"] },
  ToBfloat16: { inputs: ["0"] },
  ToFloat32: { inputs: ["0"] },
  ToHost: { inputs: ["0"] },
  FromHost: { inputs: ["0"] },
};
