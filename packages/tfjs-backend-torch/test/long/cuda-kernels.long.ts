// The kernels for CUDA, with what takes longer than CI has: all architectures, nvcc, and reads and writes out of bounds. CHECK_CUDA
// names the folder of pip's CUDA, site-packages/nvidia/cu13, with nvidia-cuda-nvcc and nvidia-cuda-nvdisasm in it.
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { cudaKernelGroups } from "../../src/cuda-kernels.ts";
import { defineCompileTests } from "../compile-kernels.ts";
import { buildCudaEmulator } from "../cuda-emulator.ts";
import { brokenBounds } from "../kernel-bounds.ts";
import { torch, whyNot } from "../torch.ts";

const root = join(import.meta.dirname, "../..");
const architectures = ["sm_80", "sm_90a", "sm_100"];
const { CHECK_CUDA: cuda = "" } = process.env;
const tool = (name: string) => join(cuda, "bin", name);
if (existsSync(tool("nvdisasm"))) process.env.NVDISASM ??= tool("nvdisasm");
if (cuda) {
  const library = readdirSync(join(cuda, "lib")).find((name) => /^libnvrtc\.so\.\d+$/.test(name));
  if (library) process.env.VIDEOR1_NVRTC ??= join(cuda, "lib", library);
}

defineCompileTests(architectures);

const noNvcc = existsSync(tool("nvcc")) ? "" : " (skipped: no nvcc in CHECK_CUDA)";
describe.skipIf(noNvcc)(`nvcc's machine code stays in the same bounds${noNvcc}`, () => {
  const folder = mkdtempSync(join(tmpdir(), "videor1-nvcc-"));
  afterAll(() => rmSync(folder, { recursive: true }));
  const cases = architectures.flatMap((architecture) => cudaKernelGroups.map((group) => ({ architecture, group })));
  test.each(cases)("$group for $architecture", ({ architecture, group }) => {
    const cubin = join(folder, `${group}-${architecture}.cubin`);
    const source = join(root, "native/cuda", `${group.replaceAll("_", "-")}.cu`);
    execFileSync(tool("nvcc"), ["-cubin", `-arch=${architecture}`, "-std=c++17", source, "-o", cubin]);
    expect(brokenBounds(group, cubin, process.env.NVDISASM)).toEqual([]);
  });
});

test.skipIf(!torch)(`no kernel reads or writes out of bounds, by AddressSanitizer${whyNot}`, () => {
  const asan = execFileSync("g++", ["-print-file-name=libasan.so"], { encoding: "utf8" }).trim();
  const emulator = buildCudaEmulator(["-g", "-fsanitize=address"]);
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ["--conditions=@videor1/source", "--import", "tsx", join(root, "test/run-cuda-cases.ts")],
    {
      encoding: "utf8",
      env: {
        ...process.env,
        LD_PRELOAD: asan,
        ASAN_OPTIONS: "detect_leaks=0",
        VIDEOR1_CUDA_EMULATOR: emulator,
        VIDEOR1_TORCH_REHEARSE_CUDA: "1",
      },
    },
  );
  expect(stderr).not.toContain("AddressSanitizer");
  expect(status, stderr + stdout).toBe(0);
});
