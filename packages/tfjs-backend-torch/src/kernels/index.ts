import { registerTorchKernels } from "../register.ts";
import { binaryKernels } from "./binary.ts";
import { productKernels } from "./products.ts";

export function registerKernels(): void {
  for (const family of [binaryKernels, productKernels]) registerTorchKernels(family);
}
