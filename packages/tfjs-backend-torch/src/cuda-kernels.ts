import type { TorchBackend } from "./backend.ts";

/** The groups of kernels of our own for CUDA, in the order of native/cuda/nvrtc.h; each is a switch of VIDEOR1_CUDA_KERNELS. */
export const cudaKernelGroups = [
  "embedding",
  "add_rms_norm",
  "thin_product",
  "rotary_cache",
  "attention",
  "draw",
] as const;
export type CudaKernelGroup = (typeof cudaKernelGroups)[number];

/** What native/cuda/compare.h finds of a group's kernels beside ATen's ops. */
export interface KernelComparison {
  /** Largest |y - exact| / (|exact| + root mean square of exact) of any output; exact is float64. */
  error: number;
  errorOfAten: number;
  /** Share of the elements that are not ATen's bit for bit; for draw, of the rows whose token is not that of the CPU's loop. */
  differing: number;
  /** Of one call in a graph; 0 off CUDA. */
  seconds: number;
  secondsOfAten: number;
  /** What a call must read and write. */
  bytes: number;
}

/** Runs a group's kernels and ATen's ops on drawn numbers; what `sizes` and `numbers` are is said in native/cuda/compare.h. */
export function compareCudaKernels(
  backend: TorchBackend,
  group: CudaKernelGroup,
  sizes: readonly number[],
  numbers: readonly number[] = [],
): KernelComparison {
  const ints = [cudaKernelGroups.indexOf(group), sizes.length, ...sizes];
  const output = backend.callOne("CompareCudaKernels", [], ints, numbers);
  const [error, errorOfAten, differing, seconds, secondsOfAten, bytes] = backend.readSync(
    output.dataId,
  ) as unknown as Float32Array;
  backend.disposeData(output.dataId);
  return {
    error: error!,
    errorOfAten: errorOfAten!,
    differing: differing!,
    seconds: seconds!,
    secondsOfAten: secondsOfAten!,
    bytes: bytes!,
  };
}
