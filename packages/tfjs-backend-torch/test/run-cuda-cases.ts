// Runs every case by the emulator that VIDEOR1_CUDA_EMULATOR names, for checkers that watch a process.
import { compareCudaKernels, isEqualToAten } from "../src/cuda-kernels.ts";
import { cudaCases } from "./cuda-cases.ts";
import { torch } from "./torch.ts";

for (const { group, sizes, numbers } of cudaCases) {
  const found = compareCudaKernels(torch!.backend, group, sizes, numbers);
  if (isEqualToAten(group, found)) continue;
  console.error(`${group} ${sizes}: ${JSON.stringify(found)}`);
  process.exitCode = 1;
}
