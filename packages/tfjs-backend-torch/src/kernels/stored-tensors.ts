import type { DirectKernel } from "../register.ts";

/**
 * Kernels of `readTensor`, `tensorData`, `toBfloat16`, `toFloat32` and `park` of @videor1/engine; positions are numbers, for
 * files over 2 GiB.
 */
export const storedTensorKernels: Record<string, DirectKernel> = {
  ReadTensor: {
    inputs: [],
    attrs: { descriptor: "int", dtype: "int", bfloat16: "int", shape: "ints", position: "number" },
  },
  WriteTensor: { inputs: ["0"], attrs: { descriptor: "int", bfloat16: "int", position: "number" } },
  ToBfloat16: { inputs: ["0"] },
  ToFloat32: { inputs: ["0"] },
  ToHost: { inputs: ["0"] },
  FromHost: { inputs: ["0"] },
};
