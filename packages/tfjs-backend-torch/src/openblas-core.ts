/**
 * The kernels that OpenBLAS is to take on this processor (its OPENBLAS_CORETYPE), where its own choice is not the fastest:
 * AMD's family 25 executes an instruction of 512 bits in two halves, and OpenBLAS 0.3.21 takes it for Intel's Cooper Lake.
 * Its kernels of 256 bits multiply float32 matrices 5% faster there.
 *
 * @param cpuinfo - The text of /proc/cpuinfo.
 * @returns undefined where OpenBLAS may choose.
 */
export function openblasCore(cpuinfo: string): string | undefined {
  const field = (name: string) => new RegExp(`^${name}\\s*: (.*)$`, "m").exec(cpuinfo)?.[1];
  const isHalved = field("vendor_id") === "AuthenticAMD" && field("cpu family") === "25";
  return isHalved && field("flags")?.split(" ").includes("avx512f") ? "Haswell" : undefined;
}
