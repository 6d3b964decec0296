// Shape suffixes: P packed positions, N query heads, K key/value heads, H head dim.
import { concat, type Rank, reshape, slice, type Tensor3D, tidy } from "@tensorflow/tfjs-core";
import { compositeAttention } from "./attention.ts";

/**
 * Non-causal attention inside each segment of a packed sequence: position p sees the positions
 * cuSeqlens[i] <= s < cuSeqlens[i+1] of its own segment i.
 *
 * @param q - [P, N, H].
 * @param k - [P, K, H], K divides N.
 * @param v - [P, K, H].
 * @param cuSeqlens - [n+1] ascending offsets from 0 to P; empty segments are allowed.
 * @param options - `scale` of the scores, default 1 / sqrt(H).
 * @returns [P, N, H].
 * @throws {RangeError} If cuSeqlens does not ascend from 0 to P, or the shapes do not fit.
 */
export function varlenAttention(
  q: Tensor3D,
  k: Tensor3D,
  v: Tensor3D,
  cuSeqlens: Int32Array,
  options: { scale?: number } = {},
): Tensor3D {
  checkShapes(q, k, v, cuSeqlens);
  return compositeVarlenAttention(q, k, v, cuSeqlens, options);
}

function checkShapes(q: Tensor3D, k: Tensor3D, v: Tensor3D, cuSeqlens: Int32Array): void {
  const [P, N, H] = q.shape;
  const [, K] = k.shape;
  if (k.shape[0] !== P || k.shape[2] !== H || N % K !== 0 || String(v.shape) !== String(k.shape)) {
    throw new RangeError(
      `varlenAttention: q [P,N,H], k [P,K,H], v [P,K,H] do not fit: q [${q.shape}], k [${k.shape}], v [${v.shape}]`,
    );
  }
  const ascends = cuSeqlens.every((offset, i) => offset >= (i ? cuSeqlens[i - 1]! : 0));
  if (cuSeqlens[0] !== 0 || cuSeqlens.at(-1) !== P || !ascends) {
    throw new RangeError(`varlenAttention: cuSeqlens [${cuSeqlens}] must ascend from 0 to P=${P}`);
  }
}

/** `varlenAttention` from tfjs ops, one segment at a time. */
export function compositeVarlenAttention(
  q: Tensor3D,
  k: Tensor3D,
  v: Tensor3D,
  cuSeqlens: Int32Array,
  options: { scale?: number } = {},
): Tensor3D {
  return tidy(() => {
    const segments: Tensor3D[] = [];
    for (let i = 0; i + 1 < cuSeqlens.length; i++) {
      const start = cuSeqlens[i]!;
      const length = cuSeqlens[i + 1]! - start;
      if (length === 0) continue;
      const part = (x: Tensor3D) =>
        reshape<Rank.R4>(slice(x, [start, 0, 0], [length, -1, -1]), [1, length, x.shape[1], x.shape[2]]);
      const y = compositeAttention(part(q), part(k), part(v), { causal: false, ...options });
      segments.push(reshape(y, [length, q.shape[1], q.shape[2]]));
    }
    return concat(segments, 0);
  });
}
