// The kernels of our own for CUDA beside ATen's ops, in the 7B's shapes. Each group runs in a process of its own: one that fails,
// or brings the GPU to a halt, costs the others nothing. Not yet run on a GPU.
import { engine } from "@tensorflow/tfjs-core";
import { initEngine } from "@videor1/engine";
import type { CudaKernelGroup, TorchBackend } from "@videor1/tfjs-backend-torch";
import { report } from "../records.ts";

interface Case {
  what: string;
  /** What native/cuda/compare.h says. */
  sizes: readonly number[];
  numbers?: readonly number[];
}

const [hidden, intermediate, heads, kvHeads, headDim, vocabulary] = [3584, 18944, 28, 4, 128, 152064];
const attended = [heads, kvHeads, headDim, 768];
const rowCounts = [1, 12, 96];

export const kernelCases: Record<CudaKernelGroup, readonly Case[]> = {
  embedding: [{ what: "96 rows", sizes: [96, hidden, vocabulary] }],
  add_rms_norm: rowCounts.map((rows) => ({ what: `${rows} rows`, sizes: [rows, hidden] })),
  thin_product: [
    ...rowCounts.flatMap((rows) => [
      { what: `q, k and v of ${rows} rows`, sizes: [rows, hidden, 0, 0, hidden, 512, 512] },
      { what: `o of ${rows} rows`, sizes: [rows, hidden, 0, 0, hidden] },
      { what: `gate and up of ${rows} rows`, sizes: [rows, hidden, 0, 1, intermediate, intermediate] },
      { what: `down of ${rows} rows`, sizes: [rows, intermediate, 0, 0, hidden] },
      { what: `head of ${rows} rows`, sizes: [rows, hidden, 0, 0, vocabulary] },
    ]),
    { what: "q, k and v with adapters of 12 rows", sizes: [12, hidden, 64, 0, hidden, 512, 512] },
    { what: "gate and up with adapters of 12 rows", sizes: [12, hidden, 64, 1, intermediate, intermediate] },
  ],
  rotary_cache: [12, 96].map((rows) => ({ what: `${rows} rows`, sizes: [rows, ...attended] })),
  attention: [
    { what: "12 rows of a prompt", sizes: [12, ...attended, 1324] },
    { what: "12 rows of two prompts", sizes: [12, ...attended, 1324, 1500] },
    {
      what: "96 rows of eight prompts",
      sizes: [96, ...attended, ...Array.from({ length: 8 }, (_, i) => 1100 + 64 * i)],
    },
  ],
  draw: [
    { what: "greedy", sizes: [12, vocabulary, 0, 0], numbers: [1, 1, 1, 3] },
    { what: "12 rows", sizes: [12, vocabulary, 1, 0], numbers: [1, 1, 1, 3] },
    { what: "a small nucleus", sizes: [12, vocabulary, 1, 0], numbers: [0.1, 0.95, 1, 3] },
    { what: "a nucleus of most tokens", sizes: [12, vocabulary, 1, 0], numbers: [1, 0.95, 1, 0.5] },
    { what: "top-k, top-p, penalty", sizes: [12, vocabulary, 1, 50], numbers: [0.8, 0.9, 1.05, 3] },
    { what: "96 rows", sizes: [96, vocabulary, 1, 0], numbers: [1, 0.95, 1, 3] },
  ],
};

/** Leaves the group's verdict in the cache if all its cases are equal; it has none while they run. */
export async function kernels(device: string, group: CudaKernelGroup): Promise<void> {
  await initEngine({ backend: "torch", device });
  const torch = await import("@videor1/tfjs-backend-torch"); // this module is loaded before the addon is built
  const backend = engine().backend as TorchBackend;
  torch.setCudaVerdict(backend, group, false);
  let isEqual = true;
  for (const { what, sizes, numbers } of kernelCases[group]) {
    const test = `${group}: ${what}`;
    const found = torch.compareCudaKernels(backend, group, sizes, numbers);
    const passes = torch.isEqualToAten(group, found);
    report({ test, outcome: passes ? "passed" : "failed", ...(passes ? {} : { message: JSON.stringify(found) }) });
    isEqual &&= passes;
    const [ours, aten, copy] = [found.seconds, found.secondsOfAten, found.secondsOfBytes].map((s) => s * 1e6);
    report({ kernel: test, ours: ours!, aten: aten!, copy: copy! });
  }
  torch.setCudaVerdict(backend, group, isEqual);
}
