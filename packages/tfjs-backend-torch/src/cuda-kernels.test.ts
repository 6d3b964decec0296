import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { defineCompileTests } from "../test/compile-kernels.ts";
import { cudaCases } from "../test/cuda-cases.ts";
import { buildCudaEmulator } from "../test/cuda-emulator.ts";
import { torch, whyNot } from "../test/torch.ts";
import { compareCudaKernels, isEqualToAten } from "./cuda-kernels.ts";

describe.skipIf(!torch)(`kernels for CUDA, emulated on the CPU, compute what ATen's ops do${whyNot}`, () => {
  beforeAll(() => {
    process.env.VIDEOR1_CUDA_EMULATOR = buildCudaEmulator();
    process.env.VIDEOR1_TORCH_REHEARSE_CUDA = "1";
  });
  afterAll(() => {
    for (const name of ["VIDEOR1_TORCH_REHEARSE_CUDA", "VIDEOR1_CUDA_EMULATOR"]) delete process.env[name];
  });

  test.each(cudaCases)("$group $sizes $numbers $what", ({ group, sizes, numbers }) => {
    const found = compareCudaKernels(torch!.backend, group, sizes, numbers);
    expect(isEqualToAten(group, found), JSON.stringify(found)).toBe(true);
  });
});

describe("a comparison", () => {
  const exact = { error: 0, errorOfAten: 0, differing: 0, seconds: 0, secondsOfAten: 0, bytes: 0, secondsOfBytes: 0 };

  test.each([
    ["embedding", { differing: 0.001 }],
    ["draw", { differing: 1 / 12 }],
    ["draw", { error: 1e-4 }],
    ["attention", { error: 0.011, errorOfAten: 0.005 }],
    ["thin_product", { error: Number.NaN }],
  ] as const)("that finds %s %o is no equality", (group, found) => {
    expect(isEqualToAten(group, exact)).toBe(true);
    expect(isEqualToAten(group, { ...exact, ...found })).toBe(false);
  });
});

defineCompileTests(["sm_90a"]); // test/long has the others, and nvcc
