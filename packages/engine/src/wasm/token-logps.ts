// Shape suffixes: T tokens, C rows of a chunk, d hidden size, V vocabulary.
import type { TensorInfo } from "@tensorflow/tfjs-core";
import { heapInts, kernels, makeOutput, ptr, scratch } from "./module.ts";
import type { KernelCall } from "./override.ts";

/** Calls `run` for every chunk of rows: the first row, their count, and scratch. */
function forEachChunk(T: number, d: number, chunkSize: number, run: (start: number, C: number, area: number) => void) {
  const largest = Math.min(T, chunkSize);
  const area = scratch(kernels().tokenLogpsScratch(largest, d) >>> 0);
  for (let start = 0; start < T; start += largest) run(start, Math.min(largest, T - start), area);
}

function checkIds(ids: TensorInfo, V: number): void {
  const row = heapInts(ids).findIndex((id) => id < 0 || id >= V);
  if (row >= 0) throw new RangeError(`tokenLogps: ids[${row}]=${heapInts(ids)[row]} must lie in [0, V=${V})`);
}

/** Attrs chunkSize, temperature; [logps, entropy, logSumExp]. */
export function tokenLogps({ inputs, attrs }: KernelCall): TensorInfo[] {
  const { hidden, weight, ids } = inputs as Record<"hidden" | "weight" | "ids", TensorInfo>;
  const { chunkSize, temperature } = attrs as { chunkSize: number; temperature: number };
  const [T, d] = hidden.shape as [number, number];
  const V = weight.shape[0]!;
  checkIds(ids, V);
  const outputs = [0, 1, 2].map(() => makeOutput([T], "float32"));
  forEachChunk(T, d, chunkSize, (start, C, area) => {
    const [logps, entropy, lse] = outputs.map((x) => ptr(x) + 4 * start) as [number, number, number];
    const from = [ptr(hidden) + 4 * start * d, ptr(weight), ptr(ids) + 4 * start] as const;
    kernels().tokenLogps(...from, C, d, V, 1 / temperature, logps, entropy, lse, area);
  });
  return outputs;
}

/** [dhidden, dweight] from `dy`, the gradient of logps, and `lse`, the third output of `tokenLogps`; no dweight of a frozen weight. */
export function tokenLogpsGrad({ inputs, attrs }: KernelCall): TensorInfo[] {
  const { hidden, weight, ids, lse, dy } = inputs as Record<"hidden" | "weight" | "ids" | "lse" | "dy", TensorInfo>;
  const { chunkSize, temperature, frozenWeight } = attrs as Record<"chunkSize" | "temperature", number> & {
    frozenWeight: boolean;
  };
  const [T, d] = hidden.shape as [number, number];
  const dhidden = makeOutput(hidden.shape, "float32");
  const dweight = frozenWeight ? undefined : makeOutput(weight.shape, "float32");
  forEachChunk(T, d, chunkSize, (start, C, area) => {
    const rows = [ids, lse, dy].map((x) => ptr(x) + 4 * start) as [number, number, number];
    const [hiddenAt, dhiddenAt] = [hidden, dhidden].map((x) => ptr(x) + 4 * start * d) as [number, number];
    const sizes = [C, d, weight.shape[0]!, 1 / temperature] as const;
    const dweightAt = dweight ? ptr(dweight) : 0;
    kernels().tokenLogpsGrad(hiddenAt, ptr(weight), ...rows, ...sizes, dhiddenAt, dweightAt, start > 0, area);
  });
  return dweight ? [dhidden, dweight] : [dhidden];
}
