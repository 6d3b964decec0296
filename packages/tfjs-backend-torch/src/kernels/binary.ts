import type { DirectKernel } from "../register.ts";

const binary: DirectKernel = { inputs: ["a", "b"] };

export const binaryKernels: Record<string, DirectKernel> = { Add: binary };
