// Shape suffixes: B batch, T queries, S keys in use, P packed positions, N query heads, K key/value heads, H head dim.
import type { TensorInfo } from "@tensorflow/tfjs-core";
import { kernels, makeOutput, ptr, scratch } from "./module.ts";
import type { KernelCall } from "./override.ts";

type Quad = [number, number, number, number];
type Infos = readonly [TensorInfo, TensorInfo, TensorInfo, ...TensorInfo[]];

const infosOf = ({ inputs }: KernelCall): Infos => Object.values(inputs) as unknown as Infos;

type Sizes = readonly [
  ...[B: number, T: number, S: number, keyRows: number, N: number, K: number, H: number, maskStride: number],
  causal: boolean,
  scale: number,
];

/** Arguments that follow the tensors' addresses in both passes. */
function sizes(q: TensorInfo, k: TensorInfo, mask: TensorInfo | undefined, { attrs }: KernelCall): Sizes {
  const [B, T, N, H] = q.shape as Quad;
  const [, keyRows, K] = k.shape as Quad;
  const { causal, keyCount, scale } = attrs as { causal: boolean; keyCount: number; scale: number };
  return [B, T, keyCount, keyRows, N, K, H, mask?.shape[1] ?? 0, causal, scale];
}

/** Inputs [q, k, v, mask?]; attrs causal, keyCount, scale. */
export function attention(call: KernelCall): TensorInfo {
  const [q, k, v, mask] = infosOf(call);
  const out = makeOutput(q.shape, "float32");
  const area = scratch(kernels().attentionScratch(call.attrs.keyCount as number, q.shape[3]!) >>> 0);
  const maskAt = mask ? ptr(mask) : 0;
  kernels().attention(ptr(q), ptr(k), ptr(v), maskAt, ...sizes(q, k, mask, call), ptr(out), area);
  return out;
}

/** Inputs [q, k, v, dy, mask?]; [dq, dk, dv]. */
export function attentionGrad(call: KernelCall): TensorInfo[] {
  const [q, k, v, dy, mask] = infosOf(call);
  const [dq, dk, dv] = [q, k, v].map((x) => makeOutput(x.shape, "float32")) as [TensorInfo, TensorInfo, TensorInfo];
  const area = scratch(kernels().attentionScratch(call.attrs.keyCount as number, q.shape[3]!) >>> 0);
  const inputs = [ptr(q), ptr(k), ptr(v), mask ? ptr(mask) : 0, ptr(dy!)] as const;
  kernels().attentionGrad(...inputs, ...sizes(q, k, mask, call), ptr(dq), ptr(dk), ptr(dv), area);
  return [dq, dk, dv];
}

/** Calls `run` for every segment: byte offsets of its first position in q and in k, and its length. */
function forEachSegment(
  [q, k]: Infos,
  { attrs }: KernelCall,
  run: (qOffset: number, kOffset: number, sizes: Sizes, area: number) => void,
): void {
  const { cuSeqlens, scale } = attrs as { cuSeqlens: number[]; scale: number };
  const [, N, H] = q.shape as [number, number, number];
  const K = k.shape[1]!;
  const lengths = cuSeqlens.slice(1).map((end, i) => end - cuSeqlens[i]!);
  const area = scratch(kernels().attentionScratch(Math.max(...lengths), H) >>> 0);
  for (const [i, L] of lengths.entries()) {
    const start = cuSeqlens[i]!;
    run(start * N * H * 4, start * K * H * 4, [1, L, L, L, N, K, H, 0, false, scale], area);
  }
}

/** Inputs [q, k, v]; attrs cuSeqlens, scale. */
export function varlenAttention(call: KernelCall): TensorInfo {
  const infos = infosOf(call);
  const out = makeOutput(infos[0].shape, "float32");
  const [q, k, v] = infos.map(ptr) as [number, number, number];
  forEachSegment(infos, call, (at, from, sizes, area) =>
    kernels().attention(q + at, k + from, v + from, 0, ...sizes, ptr(out) + at, area),
  );
  return out;
}

/** Inputs [q, k, v, dy]; [dq, dk, dv]. */
export function varlenAttentionGrad(call: KernelCall): TensorInfo[] {
  const infos = infosOf(call);
  const out = infos.slice(0, 3).map((x) => makeOutput(x.shape, "float32"));
  const [q, k, v, dy] = infos.map(ptr) as [number, number, number, number];
  const [dq, dk, dv] = out.map(ptr) as [number, number, number];
  forEachSegment(infos, call, (at, from, sizes, area) => {
    const inputs = [q + at, k + from, v + from, 0, dy + at] as const;
    kernels().attentionGrad(...inputs, ...sizes, dq + at, dk + from, dv + from, area);
  });
  return out;
}
