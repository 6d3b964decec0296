import type { DirectKernel } from "../register.ts";

export const productKernels: Record<string, DirectKernel> = {
  BatchMatMul: { inputs: ["a", "b"], attrs: { transposeA: "int", transposeB: "int" } },
};
