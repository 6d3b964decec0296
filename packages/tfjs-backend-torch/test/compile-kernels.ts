import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { cudaKernelGroups } from "../src/cuda-kernels.ts";
import { brokenBounds, cubinOf } from "./kernel-bounds.ts";
import { torch } from "./torch.ts";

/** Compiles a group for an architecture such as "sm_90a" into the cache, by NVRTC. */
function compile(group: number, architecture: string): void {
  const [, number, letter] = /^sm_(\d+)(a?)$/.exec(architecture)!;
  torch!.backend.call("CompileCudaKernels", [], [group, Number(number), letter === "a" ? 1 : 0]);
}

/** Tests that hold the machine code of every kernel to its bounds; they are skipped where there is no NVRTC. */
export function defineCompileTests(architectures: readonly string[]): void {
  const cache = mkdtempSync(join(tmpdir(), "videor1-kernels-"));
  const before = process.env.VIDEOR1_KERNEL_CACHE;
  process.env.VIDEOR1_KERNEL_CACHE = cache;
  afterAll(() => {
    if (before === undefined) delete process.env.VIDEOR1_KERNEL_CACHE;
    else process.env.VIDEOR1_KERNEL_CACHE = before;
    rmSync(cache, { recursive: true });
  });
  let whyNot = torch ? "" : " (skipped: the addon is not built)";
  try {
    if (torch) compile(0, architectures[0]!);
  } catch (error) {
    if (!(error as Error).message.includes("there is no libnvrtc")) throw error;
    whyNot = " (skipped: no NVRTC; name its file in VIDEOR1_NVRTC)";
  }
  describe.skipIf(whyNot)(`machine code of the kernels stays in its bounds${whyNot}`, () => {
    const cases = architectures.flatMap((architecture) => cudaKernelGroups.map((group) => ({ architecture, group })));
    test.each(cases)("$group for $architecture", ({ architecture, group }) => {
      compile(cudaKernelGroups.indexOf(group), architecture);
      expect(brokenBounds(group, cubinOf(cache, group, architecture), process.env.NVDISASM)).toEqual([]);
    });
  });
}
