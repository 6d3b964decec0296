import type { CudaKernelGroup } from "../src/cuda-kernels.ts";

interface Case {
  what?: string;
  group: CudaKernelGroup;
  /** What native/cuda/compare.h says. */
  sizes: readonly number[];
  numbers?: readonly number[];
}

/** Odd sizes of every group, small enough for the emulator. */
export const cudaCases: readonly Case[] = [
  { group: "embedding", sizes: [3, 1032, 11] },
  { group: "rotary_cache", sizes: [12, 6, 2, 16, 9], what: "finished rows stay as they are" },
  { group: "rotary_cache", sizes: [3, 28, 4, 128, 5], what: "heads of the 7B" },
  { group: "add_rms_norm", sizes: [1, 8] },
  { group: "add_rms_norm", sizes: [3, 3584] },
  { group: "add_rms_norm", sizes: [17, 4104] },
  { group: "thin_product", sizes: [1, 64, 0, 0, 48] },
  { group: "thin_product", sizes: [3, 72, 0, 0, 40, 8, 8], what: "three matrices" },
  { group: "thin_product", sizes: [12, 1096, 0, 0, 56, 24] },
  { group: "thin_product", sizes: [17, 136, 16, 0, 72, 8, 16], what: "adapters" },
  { group: "thin_product", sizes: [96, 64, 0, 0, 40] },
  { group: "thin_product", sizes: [101, 40, 8, 0, 24], what: "two launches, adapters" },
  { group: "thin_product", sizes: [12, 72, 0, 1, 40, 40], what: "gate and up" },
  { group: "thin_product", sizes: [40, 136, 8, 1, 24, 24], what: "gate and up, adapters" },
  { group: "thin_product", sizes: [70, 40, 0, 0, 16328], what: "many rows and outputs" },
  { group: "thin_product", sizes: [66, 40, 0, 1, 8168, 8168], what: "gate and up of many rows and outputs" },
  { group: "attention", sizes: [1, 2, 1, 16, 3, 5] },
  { group: "attention", sizes: [12, 28, 4, 128, 70, 130, 17], what: "heads of the 7B, two prompts" },
  { group: "attention", sizes: [17, 4, 2, 32, 20, 1, 64, 65], what: "rows with and without prompts" },
  { group: "attention", sizes: [6, 8, 8, 64, 130], what: "no prompts" },
  { group: "draw", sizes: [3, 1000, 0, 0], numbers: [1, 1, 1, 3], what: "greedy" },
  { group: "draw", sizes: [3, 1000, 0, 0], numbers: [1, 1, 1.3, 3], what: "greedy after a penalty" },
  { group: "draw", sizes: [12, 1003, 1, 0], numbers: [1, 1, 1, 2], what: "all tokens" },
  { group: "draw", sizes: [5, 1003, 1, 0], numbers: [1.7, 1, 0.8, 2], what: "hot and penalised" },
  { group: "draw", sizes: [12, 1003, 1, 7], numbers: [1, 1, 1, 0.01], what: "top-k with ties" },
  { group: "draw", sizes: [12, 3001, 1, 0], numbers: [0.1, 0.9, 1, 3], what: "a small nucleus" },
  { group: "draw", sizes: [12, 3001, 1, 0], numbers: [1, 0.95, 1, 0.1], what: "a nucleus of most tokens, many ties" },
  { group: "draw", sizes: [12, 3001, 1, 50], numbers: [0.8, 0.5, 1.2, 3], what: "top-k, then top-p, after a penalty" },
  { group: "draw", sizes: [4, 999, 1, 900], numbers: [0.02, 1, 1, 3], what: "weights below 2^-32 of the largest" },
];
