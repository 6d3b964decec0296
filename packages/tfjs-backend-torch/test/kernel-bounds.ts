import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { CudaKernelGroup } from "../src/cuda-kernels.ts";
import { type KernelResources, kernelsOf } from "./cubin.ts";

/** What a kernel may take of a multiprocessor, which has 65,536 registers and, at the least, 99 KiB of shared memory. */
export interface KernelBounds {
  kernels: number;
  registers: number;
  /** A few numbers that outlive a loop, stored before it and loaded after. */
  stackBytes: number;
  sharedBytes: number;
  /** Whether its kernels use the tensor cores, or load 16 bytes at a time. */
  products: boolean;
  wideLoads: boolean;
}

export const kernelBounds: Record<CudaKernelGroup, KernelBounds> = {
  embedding: { kernels: 1, registers: 40, stackBytes: 0, sharedBytes: 0, products: false, wideLoads: true },
  add_rms_norm: { kernels: 1, registers: 64, stackBytes: 0, sharedBytes: 64, products: false, wideLoads: true },
  thin_product: { kernels: 12, registers: 255, stackBytes: 32, sharedBytes: 49152, products: true, wideLoads: true },
  rotary_cache: { kernels: 1, registers: 64, stackBytes: 0, sharedBytes: 0, products: false, wideLoads: true },
  attention: { kernels: 5, registers: 192, stackBytes: 0, sharedBytes: 4096, products: true, wideLoads: true },
  draw: { kernels: 3, registers: 128, stackBytes: 0, sharedBytes: 17408, products: false, wideLoads: false },
};

/** Bytes of shared memory that the system keeps for itself in a block, counted with the kernel's since sm_90. */
const reservedBytes = 1024;

/** In words, what a group's cubin breaks of its bounds; [] if nothing. `disassembler`: nvdisasm, which alone sees instructions. */
export function brokenBounds(group: CudaKernelGroup, cubin: string, disassembler?: string): string[] {
  const bounds = kernelBounds[group];
  const kernels = kernelsOf(readFileSync(cubin));
  const broken = kernels.length === bounds.kernels ? [] : [`${kernels.length} kernels, not ${bounds.kernels}`];
  const limits: [keyof Omit<KernelResources, "name">, number][] = [
    ["registers", bounds.registers],
    ["stackBytes", bounds.stackBytes],
    ["sharedBytes", bounds.sharedBytes + reservedBytes],
  ];
  for (const kernel of kernels)
    for (const [what, most] of limits)
      if (!(kernel[what] <= most)) broken.push(`${kernel.name}: ${kernel[what]} ${what}, more than ${most}`);
  if (disassembler === undefined) return broken;
  const text = execFileSync(disassembler, ["-c", cubin], { encoding: "latin1", maxBuffer: 2 ** 28 });
  if (bounds.products && !/\bHMMA\.16816\.F32\.BF16\b/.test(text)) broken.push("no product of the tensor cores");
  if (bounds.wideLoads && !/\bLDG\.E\.[A-Z.]*128\b/.test(text)) broken.push("no load of 16 bytes");
  return broken;
}

/** The file that CompileCudaKernels left for a group in the cache. */
export const cubinOf = (cache: string, group: CudaKernelGroup, architecture: string): string =>
  join(cache, readdirSync(cache).find((name) => name.startsWith(`${group}-${architecture}-`))!);
