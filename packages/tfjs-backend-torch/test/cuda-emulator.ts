import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, renameSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");

/**
 * Builds the library that runs the kernels of native/cuda on the CPU, unless it is newer than its sources.
 *
 * @param flags - More of the compiler's, such as -fsanitize=address.
 * @returns Its file, for VIDEOR1_CUDA_EMULATOR.
 */
export function buildCudaEmulator(name = "cuda-emulator", flags: readonly string[] = []): string {
  const folder = join(tmpdir(), `videor1-${process.getuid?.() ?? 0}`);
  const library = join(folder, `${name}.so`);
  const sources = ["native/cuda", "test/emulator"].flatMap((folder) =>
    readdirSync(join(root, folder))
      .filter((file) => /\.cuh?$|^arguments\.h$|^device\.h$|^emulator\.cc$/.test(file))
      .map((file) => join(root, folder, file)),
  );
  const newest = Math.max(...sources.map((file) => statSync(file).mtimeMs));
  if (existsSync(library) && statSync(library).mtimeMs > newest) return library;
  mkdirSync(folder, { recursive: true });
  const part = `${library}.${process.pid}`;
  execFileSync(process.env.CXX ?? "g++", [
    ...["-std=c++17", "-O1", "-w", "-ffp-contract=off", "-fPIC", "-shared", ...flags],
    ...[join(root, "test/emulator/emulator.cc"), "-o", part],
  ]);
  renameSync(part, library);
  return library;
}
