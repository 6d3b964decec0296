// Shape letters: n rows, d hidden size, N query heads, K key/value heads, H head dim, i MLP width, V vocabulary, T a row's room.
import { allocate, floatsAt, kernels, release } from "../module.ts";
import type { PackedLinear, PackedWeights } from "./packed-weights.ts";

export interface StepSizes {
  slots: number;
  T: number;
  N: number;
  K: number;
  H: number;
  eps: number;
}

export interface DecodeStep {
  /** Address of the rows' records, see kernels.as/decode-rows.ts. */
  records: number;
  /** Address of their last ids. */
  ids: number;
  vocabulary: number;
  /** Logits [n, V] of the first n records; valid until memory is allocated. */
  run(n: number, scratch: number): Float32Array;
  release(): void;
}

/** One token of each row through all layers; activations stay at fixed addresses, and no tensor is made. */
export function decodeStep(weights: PackedWeights, { slots, T, N, K, H, eps }: StepSizes): DecodeStep {
  const { embedding, norm, head, layers } = weights;
  const [d, V] = [head.inSize, head.outSize];
  const widest = (of: (layer: (typeof layers)[number]) => number) => Math.max(d, ...layers.map(of));
  const sizes = {
    records: 6,
    ids: 1,
    x: d,
    normed: d,
    projected: widest(({ qkv, gateUp }) => Math.max(qkv.outSize, gateUp.outSize)),
    mixed: widest(({ o, down }) => Math.max(o.inSize, down.inSize)),
    logits: V,
  };
  const area = allocate(4 * slots * Object.values(sizes).reduce((sum, size) => sum + size, 0));
  let end = area;
  const place = (size: number): number => {
    const start = end;
    end += 4 * slots * size;
    return start;
  };
  const [records, ids, x, normed, projected, mixed, logits] = Object.values(sizes).map(place) as [
    ...[records: number, ids: number, x: number, normed: number, projected: number, mixed: number, logits: number],
  ];
  const product = (from: number, { packed, bias, inSize, outSize }: PackedLinear, to: number, n: number) =>
    kernels().panelProduct(from, packed, bias, to, n, inSize, outSize);

  function run(n: number, scratch: number): Float32Array {
    const k = kernels();
    k.gatherRows(embedding, ids, n, V, 4 * d, x);
    k.rmsNorm(x, layers[0]?.inputNorm ?? norm, n, d, eps, normed);
    for (const [i, { qkv, o, postNorm, gateUp, down }] of layers.entries()) {
      product(normed, qkv, projected, n);
      k.rotateAndStore(projected, records, n, i, T, N, K, H);
      k.decodeAttention(projected, records, n, i, T, N, K, H, H ** -0.5, mixed, scratch);
      product(mixed, o, projected, n);
      k.addRmsNorm(x, projected, postNorm, n, d, eps, normed);
      product(normed, gateUp, projected, n);
      k.swigluRows(projected, n, gateUp.outSize / 2, mixed);
      product(mixed, down, projected, n);
      k.addRmsNorm(x, projected, layers[i + 1]?.inputNorm ?? norm, n, d, eps, normed);
    }
    product(normed, head, logits, n);
    return floatsAt(logits, n * V);
  }

  return { records, ids, vocabulary: V, run, release: () => release(area) };
}
