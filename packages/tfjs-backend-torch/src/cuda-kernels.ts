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
  /** What a copy of as many bytes takes: the limit. */
  secondsOfBytes: number;
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
  const found = backend.readSync(output.dataId) as unknown as Float32Array;
  backend.disposeData(output.dataId);
  return Object.fromEntries(fields.map((name, i) => [name, found[i]!])) as unknown as KernelComparison;
}

const fields = [
  "error",
  "errorOfAten",
  "differing",
  "seconds",
  "secondsOfAten",
  "bytes",
  "secondsOfBytes",
] as const satisfies readonly (keyof KernelComparison)[];

/**
 * Whether the kernels may stand in for ATen's ops: the same bits where nothing is summed up, the same tokens, and elsewhere errors
 * that are no larger than 1.5 of ATen's, or than half a step of bfloat16 at the root mean square.
 */
export function isEqualToAten(group: CudaKernelGroup, { error, errorOfAten, differing }: KernelComparison): boolean {
  if (group === "draw") return differing === 0 && error < 1e-5;
  if (group === "embedding" || group === "rotary_cache") return differing === 0;
  return error <= Math.max(1.5 * errorOfAten, 2 ** -8);
}

/**
 * Leaves the verdict that a group is equal to ATen's ops on this GPU, driver and source in the cache of kernels, or takes it away.
 *
 * @throws {TorchError} OP_FAILED without a GPU, or if the folder cannot be written.
 */
export function setCudaVerdict(backend: TorchBackend, group: CudaKernelGroup, isEqual: boolean): void {
  backend.call("SetCudaVerdict", [], [cudaKernelGroups.indexOf(group), Number(isEqual)]);
}
