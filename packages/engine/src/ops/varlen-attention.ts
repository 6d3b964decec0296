// Shape suffixes: P packed positions, N query heads, K key/value heads, H head dim, R segments of a run, L their length.
import { concat, type Rank, reshape, slice, type Tensor3D, type Tensor4D, tidy } from "@tensorflow/tfjs-core";
import { hasKernel, runKernel } from "../fused.ts";
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
  if (!hasKernel("VarlenAttention")) return compositeVarlenAttention(q, k, v, cuSeqlens, options);
  const { scale = q.shape[2] ** -0.5 } = options;
  return runKernel<Tensor3D>("VarlenAttention", [q, k, v], { cuSeqlens: Array.from(cuSeqlens), scale });
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

/** `varlenAttention` from tfjs ops: neighbouring segments of one length make one batch. */
export function compositeVarlenAttention(
  q: Tensor3D,
  k: Tensor3D,
  v: Tensor3D,
  cuSeqlens: Int32Array,
  options: { scale?: number } = {},
): Tensor3D {
  return tidy(() => {
    const parts = runsOfEqualLength(cuSeqlens).map(({ start, length, count }) => {
      const [q_RLNH, k_RLKH, v_RLKH] = [q, k, v].map((x) => {
        const run = count * length === x.shape[0] ? x : slice(x, [start, 0, 0], [count * length, -1, -1]);
        return reshape<Rank.R4>(run, [count, length, x.shape[1], x.shape[2]]);
      }) as [Tensor4D, Tensor4D, Tensor4D];
      const y_RLNH = compositeAttention(q_RLNH, k_RLKH, v_RLKH, { causal: false, ...options });
      return reshape<Rank.R3>(y_RLNH, [count * length, q.shape[1], q.shape[2]]);
    });
    return parts.length === 1 ? parts[0]! : concat(parts, 0);
  });
}

function runsOfEqualLength(cuSeqlens: Int32Array): { start: number; length: number; count: number }[] {
  const runs: { start: number; length: number; count: number }[] = [];
  for (let i = 0; i + 1 < cuSeqlens.length; i++) {
    const start = cuSeqlens[i]!;
    const length = cuSeqlens[i + 1]! - start;
    const last = runs.at(-1);
    if (last?.length === length) last.count++;
    else if (length > 0) runs.push({ start, length, count: 1 });
  }
  return runs;
}
