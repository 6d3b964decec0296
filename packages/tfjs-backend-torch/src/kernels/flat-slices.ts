import type { DirectKernel } from "../register.ts";

const ranges = { at: "number", first: "number", stride: "number", length: "number" } as const;

/** Kernels of slices and rows of bytes of @videor1/engine; native/flat-slices.cc says what each does. Sizes are numbers, for 2^31 and more. */
export const flatSliceKernels: Record<string, DirectKernel> = {
  EmptyBytes: { inputs: [], attrs: { rows: "int", width: "number", zeros: "number" } },
  PackRanges: { inputs: ["bytes", "x"], attrs: { isWide: "int", flag: "int", ...ranges } },
  AddRange: {
    inputs: ["total", "bytes"],
    attrs: { row: "int", isWide: "int", isFirst: "int", at: "number", from: "number", length: "number" },
  },
  UnpackRanges: { inputs: ["x", "bytes"], attrs: ranges },
  HeadOfRows: { inputs: ["bytes"], attrs: { count: "number" } },
  CopyRange: { inputs: ["x"], attrs: { first: "number", count: "number" } },
  ElementBytes: { inputs: ["x"] },
};
