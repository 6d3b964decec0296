// Shape suffixes: B batch, T queries, S keys, N query heads, K key/value heads, H head dim, g = N/K * T.
import {
  add,
  cast,
  expandDims,
  matMul,
  mul,
  reshape,
  slice,
  softmax,
  sub,
  type Tensor,
  type Tensor2D,
  type Tensor4D,
  tensor,
  tidy,
  transpose,
} from "@tensorflow/tfjs-core";
import { hasKernel } from "../fused.ts";
import { flashAttended } from "./flash-attended.ts";

export interface AttentionOptions {
  /** Query t sees key s only if s <= t + (S_used - T): the last query sees the last key. */
  causal: boolean;
  /** int32 [B, S]: 1 = the key may be seen. */
  keyMask?: Tensor2D;
  /** S_used: only the first keyCount keys of the buffer are used. Default S. */
  keyCount?: number;
  /** Factor of the scores, default 1 / sqrt(H). */
  scale?: number;
}

/**
 * softmax(q k^T * scale) v per head, with grouped heads: query head n uses key/value head floor(n / (N/K)).
 * A query that sees no key yields 0.
 *
 * @param q - [B, T, N, H].
 * @param k - [B, S, K, H].
 * @param v - [B, S, K, H].
 * @returns [B, T, N, H].
 * @throws {RangeError} If the shapes do not fit, N is not a multiple of K, or keyCount > S.
 * @see arXiv:2305.13245 (grouped queries)
 */
export function attention(q: Tensor4D, k: Tensor4D, v: Tensor4D, options: AttentionOptions): Tensor4D {
  checkShapes(q, k, v, options);
  if (!hasKernel("Attention")) return compositeAttention(q, k, v, options);
  const { causal, keyMask, keyCount = k.shape[1], scale = q.shape[3] ** -0.5 } = options;
  const inputs = keyMask ? [q, k, v, keyMask] : [q, k, v];
  return flashAttended<Tensor4D>("Attention", inputs, { causal, keyCount, scale });
}

function checkShapes(q: Tensor4D, k: Tensor4D, v: Tensor4D, { keyMask, keyCount }: AttentionOptions): void {
  const [B, , N, H] = q.shape;
  const [, S, K] = k.shape;
  const shapes = `q [${q.shape}], k [${k.shape}], v [${v.shape}]`;
  if (k.shape[0] !== B || k.shape[3] !== H || String(v.shape) !== String(k.shape)) {
    throw new RangeError(`attention: q [B,T,N,H], k [B,S,K,H], v [B,S,K,H] do not fit: ${shapes}`);
  }
  if (N % K !== 0) throw new RangeError(`attention: N=${N} query heads must be a multiple of K=${K} key/value heads`);
  if (keyCount !== undefined && !(keyCount >= 1 && keyCount <= S)) {
    throw new RangeError(`attention: keyCount=${keyCount} must lie in [1, S=${S}]`);
  }
  if (keyMask && (keyMask.shape[0] !== B || keyMask.shape[1] !== S)) {
    throw new RangeError(`attention: keyMask [${keyMask.shape}] must be [B=${B}, S=${S}]`);
  }
}

/** `attention` from tfjs ops. */
export function compositeAttention(q: Tensor4D, k: Tensor4D, v: Tensor4D, options: AttentionOptions): Tensor4D {
  const [B, T, N, H] = q.shape;
  const [, , K] = k.shape;
  const S = options.keyCount ?? k.shape[1];
  const g = (N / K) * T;
  return tidy(() => {
    const q_BKgH = reshape(transpose(q, [0, 2, 1, 3]), [B, K, g, H]);
    const [k_BKSH, v_BKSH] = [k, v].map((x) => transpose(firstKeys(x, S), [0, 2, 1, 3])) as [Tensor4D, Tensor4D];
    const scores_BKgS = mul(matMul(q_BKgH, k_BKSH, false, true), options.scale ?? H ** -0.5);
    const seen = seenKeys(T, S, options);
    const weights_BKgS = seen
      ? reshape(maskedSoftmax(reshape(scores_BKgS, [B, N, T, S]), seen), [B, K, g, S])
      : softmax(scores_BKgS);
    return transpose(reshape(matMul(weights_BKgS, v_BKSH), [B, N, T, H]), [0, 2, 1, 3]);
  });
}

const firstKeys = (x: Tensor4D, count: number): Tensor4D =>
  count === x.shape[1] ? x : slice(x, [0, 0, 0, 0], [x.shape[0], count, x.shape[2], x.shape[3]]);

/** 1 where a query sees a key, else 0, broadcastable to [B, N, T, S]; undefined if every query sees every key. */
function seenKeys(T: number, S: number, { causal, keyMask }: AttentionOptions): Tensor | undefined {
  const mask_B11S = keyMask && reshape(cast(slice(keyMask, [0, 0], [-1, S]), "float32"), [keyMask.shape[0], 1, 1, S]);
  if (!causal || T === 1) return mask_B11S;
  const causal_TS = tensor(
    Float32Array.from({ length: T * S }, (_, i) => +(i % S <= Math.floor(i / S) + S - T)),
    [T, S],
  );
  return mask_B11S ? mul(mask_B11S, causal_TS) : expandDims(expandDims(causal_TS, 0), 0);
}

/** Softmax over the seen keys; 0 if there are none. */
function maskedSoftmax(scores: Tensor, seen: Tensor): Tensor {
  return mul(softmax(add(scores, mul(sub(1, seen), -1e30))), seen);
}
