// Shape suffixes: B batch, T queries, S keys in use, N query heads, K key/value heads, H head dim.
import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { VarlenAttrs } from "../ops/varlen-attention.ts";
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

/** A segment: byte offsets of its queries and keys, and the sizes of its attention over the keys of its prefix and its own. */
interface Segment {
  q: number;
  k: number;
  bytes: number;
  prefix: { k: number; bytes: number } | undefined;
  sizes: Sizes;
}

function segmentsOf([q, k]: Infos, { attrs }: KernelCall): Segment[] {
  const { cuSeqlens, cuKeys, prefixOf, causal, scale } = attrs as VarlenAttrs;
  const [, N, H] = q.shape as [number, number, number];
  const K = k.shape[1]!;
  const [query, key] = [4 * N * H, 4 * K * H];
  const lengthOf = (borders: readonly number[], i: number) => borders[i + 1]! - borders[i]!;
  return prefixOf.map((of, i): Segment => {
    const [T, own, before] = [lengthOf(cuSeqlens, i), lengthOf(cuKeys, i), of < 0 ? 0 : lengthOf(cuKeys, of)];
    const S = own + before;
    const prefix = before > 0 ? { k: cuKeys[of]! * key, bytes: before * key } : undefined;
    const sizes: Sizes = [1, T, S, S, N, K, H, 0, causal, scale];
    return { q: cuSeqlens[i]! * query, k: cuKeys[i]! * key, bytes: own * key, prefix, sizes };
  });
}

/** Scratch: that of the kernel, and from `joined` on as many areas for the keys of a segment and its prefix as are asked for. */
function scratchOf(segments: readonly Segment[], areas: number): { area: number; joined: number[] } {
  const largest = Math.max(...segments.map(({ sizes }) => kernels().attentionScratch(sizes[2], sizes[6]) >>> 0));
  const joinedBytes = Math.max(0, ...segments.map(({ bytes, prefix }) => (prefix ? bytes + prefix.bytes : 0)));
  const [first, each] = [align(largest), align(joinedBytes)];
  const area = scratch(first + areas * each);
  return { area, joined: Array.from({ length: areas }, (_, i) => area + first + i * each) };
}

const align = (bytes: number) => (bytes + 63) & ~63;

const copy = (from: number, to: number, bytes: number) => kernels().copyRows(from, bytes, to, bytes, bytes, 1);

/** Address of the segment's keys: where they lie, or those of its prefix and its own side by side at `to`. */
function keysOf(x: number, { k, bytes, prefix }: Segment, to: number): number {
  if (!prefix) return x + k;
  copy(x + prefix.k, to, prefix.bytes);
  copy(x + k, to + prefix.bytes, bytes);
  return to;
}

/** Inputs [q, k, v]; attrs as VarlenAttrs. */
export function varlenAttention(call: KernelCall): TensorInfo {
  const infos = infosOf(call);
  const out = makeOutput(infos[0].shape, "float32");
  const segments = segmentsOf(infos, call);
  const { area, joined } = scratchOf(segments, 2);
  const [q, k, v] = infos.map(ptr) as [number, number, number];
  for (const segment of segments) {
    const [keys, values] = [keysOf(k, segment, joined[0]!), keysOf(v, segment, joined[1]!)];
    kernels().attention(q + segment.q, keys, values, 0, ...segment.sizes, ptr(out) + segment.q, area);
  }
  return out;
}

/** Inputs [q, k, v, dy]; [dq, dk, dv]. What segments share adds up in their order. */
export function varlenAttentionGrad(call: KernelCall): TensorInfo[] {
  const infos = infosOf(call);
  const out = infos.slice(0, 3).map((x) => makeOutput(x.shape, "float32"));
  const segments = segmentsOf(infos, call);
  const { area, joined } = scratchOf(segments, 4);
  const [q, k, v, dy] = infos.map(ptr) as [number, number, number, number];
  const [dq, dk, dv] = out.map(ptr) as [number, number, number];
  for (const segment of segments) {
    const { prefix, bytes } = segment;
    const [keys, values] = [keysOf(k, segment, joined[0]!), keysOf(v, segment, joined[1]!)];
    const grads = prefix ? ([joined[2]!, joined[3]!] as const) : ([dk + segment.k, dv + segment.k] as const);
    const inputs = [q + segment.q, keys, values, 0, dy + segment.q] as const;
    kernels().attentionGrad(...inputs, ...segment.sizes, dq + segment.q, ...grads, area);
    if (!prefix) continue;
    for (const [grad, total] of [[grads[0], dk] as const, [grads[1], dv] as const]) {
      kernels().addInPlace(total + prefix.k, grad, prefix.bytes / 4);
      copy(grad + prefix.bytes, total + segment.k, bytes);
    }
  }
  return out;
}
