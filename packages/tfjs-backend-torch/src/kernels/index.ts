import { registerTorchKernels } from "../register.ts";
import { binaryKernels } from "./binary.ts";
import { convolutionKernels } from "./convolutions.ts";
import { creationKernels } from "./creation.ts";
import { decodeKernels } from "./decode.ts";
import { fallbackKernels } from "./fallback.ts";
import { flatSliceKernels } from "./flat-slices.ts";
import { fusedKernels } from "./fused.ts";
import { indexingKernels } from "./indexing.ts";
import { moveKernels } from "./moves.ts";
import { productKernels } from "./products.ts";
import { reductionKernels } from "./reductions.ts";
import { storedTensorKernels } from "./stored-tensors.ts";
import { unaryKernels } from "./unary.ts";

const families = [
  unaryKernels,
  binaryKernels,
  productKernels,
  reductionKernels,
  moveKernels,
  indexingKernels,
  creationKernels,
  convolutionKernels,
  fallbackKernels,
  flatSliceKernels,
  fusedKernels,
  decodeKernels,
  storedTensorKernels,
];

export function registerKernels(): void {
  for (const family of families) registerTorchKernels(family);
}
