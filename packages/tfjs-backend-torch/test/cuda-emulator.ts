import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");

/**
 * Builds the library that runs the kernels of native/cuda on the CPU, unless there is one of the same sources and flags.
 *
 * @param flags - More of the compiler's, such as -fsanitize=address.
 * @returns Its file, for VIDEOR1_CUDA_EMULATOR.
 */
export function buildCudaEmulator(flags: readonly string[] = []): string {
  const compiler = process.env.CXX ?? "g++";
  const options = ["-std=c++17", "-O1", "-w", "-ffp-contract=off", "-fPIC", "-shared", ...flags];
  const hash = createHash("sha256").update([compiler, ...options].join(" "));
  for (const folder of ["native/cuda", "test/emulator"])
    for (const file of readdirSync(join(root, folder)).sort())
      if (/\.cuh?$|^arguments\.h$|^device\.h$|^emulator\.cc$/.test(file))
        hash.update(readFileSync(join(root, folder, file)));
  const folder = join(tmpdir(), `videor1-${process.getuid?.() ?? 0}`);
  const library = join(folder, `cuda-emulator-${hash.digest("hex").slice(0, 16)}.so`);
  if (existsSync(library)) return library;
  mkdirSync(folder, { recursive: true });
  const part = `${library}.${process.pid}`;
  execFileSync(compiler, [...options, join(root, "test/emulator/emulator.cc"), "-o", part]);
  renameSync(part, library);
  return library;
}
