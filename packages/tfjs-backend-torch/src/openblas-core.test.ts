import { expect, test } from "vitest";
import { openblasCore } from "./openblas-core.ts";

const cpuinfo = (vendor: string, family: number, flags: string) =>
  `processor\t: 0\nvendor_id\t: ${vendor}\ncpu family\t: ${family}\nmodel\t\t: 17\nflags\t\t: ${flags}\n`;

test.each([
  ["Zen 4: 512 bits in halves", cpuinfo("AuthenticAMD", 25, "fpu avx2 avx512f"), "Haswell"],
  ["Zen 3 has no AVX-512, and OpenBLAS knows it", cpuinfo("AuthenticAMD", 25, "fpu avx2"), undefined],
  ["Zen 5: 512 bits at once", cpuinfo("AuthenticAMD", 26, "fpu avx2 avx512f"), undefined],
  ["Intel", cpuinfo("GenuineIntel", 6, "fpu avx2 avx512f"), undefined],
  ["no such file", "", undefined],
])("%s", (_, text, core) => {
  expect(openblasCore(text)).toBe(core);
});
