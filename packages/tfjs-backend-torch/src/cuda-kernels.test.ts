import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { defineCompileTests } from "../test/compile-kernels.ts";
import { buildCudaEmulator } from "../test/cuda-emulator.ts";
import { torch, whyNot } from "../test/torch.ts";
import { type CudaKernelGroup, compareCudaKernels, isEqualToAten } from "./cuda-kernels.ts";

const variables = ["VIDEOR1_TORCH_REHEARSE_CUDA", "VIDEOR1_CUDA_EMULATOR"] as const;

describe.skipIf(!torch)(`kernels for CUDA, emulated on the CPU, compute what ATen's ops do${whyNot}`, () => {
  beforeAll(() => {
    process.env.VIDEOR1_CUDA_EMULATOR = buildCudaEmulator();
    process.env.VIDEOR1_TORCH_REHEARSE_CUDA = "1";
  });
  afterAll(() => {
    for (const name of variables) delete process.env[name];
  });
  const compare = (group: CudaKernelGroup, sizes: readonly number[], numbers?: readonly number[]) =>
    compareCudaKernels(torch!.backend, group, sizes, numbers);

  test.each([
    { what: "rows of several widths", group: "embedding", sizes: [3, 1032, 11] },
    { what: "finished rows stay as they are", group: "rotary_cache", sizes: [12, 6, 2, 16, 9] },
    { what: "of the 7B", group: "rotary_cache", sizes: [3, 28, 4, 128, 5] },
  ] as const)("bit for bit: $group $sizes, $what", ({ group, sizes }) => {
    const found = compare(group, sizes);
    expect(isEqualToAten(group, found), JSON.stringify(found)).toBe(true);
  });

  test.each([
    { group: "add_rms_norm", sizes: [1, 8] },
    { group: "add_rms_norm", sizes: [3, 3584] },
    { group: "add_rms_norm", sizes: [17, 4104] },
    { group: "thin_product", sizes: [1, 64, 0, 0, 48] },
    { group: "thin_product", sizes: [3, 72, 0, 0, 40, 8, 8] },
    { group: "thin_product", sizes: [12, 1096, 0, 0, 56, 24] },
    { group: "thin_product", sizes: [17, 136, 16, 0, 72, 8, 16] },
    { group: "thin_product", sizes: [96, 64, 0, 0, 40] },
    { group: "thin_product", sizes: [101, 40, 8, 0, 24] },
    { group: "thin_product", sizes: [12, 72, 0, 1, 40, 40] },
    { group: "thin_product", sizes: [40, 136, 8, 1, 24, 24] },
    { group: "attention", sizes: [1, 2, 1, 16, 3, 5] },
    { group: "attention", sizes: [12, 28, 4, 128, 70, 130, 17] },
    { group: "attention", sizes: [17, 4, 2, 32, 20, 1, 64, 65] },
    { group: "attention", sizes: [6, 8, 8, 64, 130] },
  ] as const)("no less exact: $group $sizes", ({ group, sizes }) => {
    const found = compare(group, sizes);
    expect(isEqualToAten(group, found), JSON.stringify(found)).toBe(true);
  });

  test.each([
    { what: "greedy", sizes: [3, 1000, 0, 0], numbers: [1, 1, 1, 3] },
    { what: "greedy after a penalty", sizes: [3, 1000, 0, 0], numbers: [1, 1, 1.3, 3] },
    { what: "all tokens", sizes: [12, 1003, 1, 0], numbers: [1, 1, 1, 2] },
    { what: "hot and penalised", sizes: [5, 1003, 1, 0], numbers: [1.7, 1, 0.8, 2] },
    { what: "top-k with ties", sizes: [12, 1003, 1, 7], numbers: [1, 1, 1, 0.01] },
    { what: "a small nucleus", sizes: [12, 3001, 1, 0], numbers: [0.1, 0.9, 1, 3] },
    {
      what: "a nucleus of nearly all of a flat distribution, of many ties",
      sizes: [12, 3001, 1, 0],
      numbers: [1, 0.95, 1, 0.1],
    },
    { what: "top-k, then top-p, then a penalty", sizes: [12, 3001, 1, 50], numbers: [0.8, 0.5, 1.2, 3] },
    { what: "weights below 2^-32 of the largest", sizes: [4, 999, 1, 900], numbers: [0.02, 1, 1, 3] },
  ])("draws the tokens of the CPU's loop: $what", ({ sizes, numbers }) => {
    const found = compare("draw", sizes, numbers);
    expect(isEqualToAten("draw", found), JSON.stringify(found)).toBe(true);
  });
});

defineCompileTests(["sm_90a"]); // test/long has the others, and nvcc
