// The ops' formulas, one element at a time in float64: slow, and plain enough to be checked by eye.
// Arrays are row-major. Sizes as in the ops: B batch, T queries, S keys, N query heads, K key/value heads, H head dim.

/** y = x W^T + b, x [rows, in], weight [out, in]. */
export function linear(x: Float64Array, weight: Float64Array, bias: Float64Array | undefined, inSize: number) {
  const outSize = weight.length / inSize;
  return fill((x.length / inSize) * outSize, (i) => {
    const [row, o] = [Math.floor(i / outSize), i % outSize];
    return total(inSize, (d) => x[row * inSize + d]! * weight[o * inSize + d]!) + (bias?.[o] ?? 0);
  });
}

export function rmsNorm(x: Float64Array, weight: Float64Array, eps: number) {
  const d = weight.length;
  return fill(x.length, (i) => {
    const start = i - (i % d);
    const meanSquare = total(d, (j) => x[start + j]! ** 2) / d;
    return (x[i]! / Math.sqrt(meanSquare + eps)) * weight[i % d]!;
  });
}

/** x [positions, N, H], angles [positions, H/2]. */
export function rotaryEmbedding(x: Float64Array, angles: Float64Array, N: number, H: number) {
  const half = H / 2;
  return fill(x.length, (i) => {
    const h = i % H;
    const angle = angles[Math.floor(i / (N * H)) * half + (h % half)]!;
    const partner = h < half ? -x[i + half]! : x[i - half]!;
    return x[i]! * Math.cos(angle) + partner * Math.sin(angle);
  });
}

export const swiglu = (gate: Float64Array, up: Float64Array) =>
  fill(gate.length, (i) => (gate[i]! / (1 + Math.exp(-gate[i]!))) * up[i]!);

export interface AttentionSizes {
  B: number;
  T: number;
  S: number;
  N: number;
  K: number;
  H: number;
}

/** `sees(b, t, s)` says whether a query sees a key. */
export function attention(
  q: Float64Array,
  k: Float64Array,
  v: Float64Array,
  { B, T, S, N, K, H }: AttentionSizes,
  sees: (b: number, t: number, s: number) => boolean,
  scale = H ** -0.5,
) {
  const y = new Float64Array(B * T * N * H);
  for (let b = 0; b < B; b++) {
    for (let t = 0; t < T; t++) {
      for (let n = 0; n < N; n++) {
        const query = ((b * T + t) * N + n) * H;
        const keyOf = (s: number) => ((b * S + s) * K + Math.floor(n / (N / K))) * H;
        const score = (s: number) => scale * total(H, (h) => q[query + h]! * k[keyOf(s) + h]!);
        const seen = range(S).filter((s) => sees(b, t, s));
        const largest = Math.max(...seen.map(score));
        const weights = seen.map((s) => Math.exp(score(s) - largest));
        const sum = weights.reduce((a, w) => a + w, 0);
        for (let h = 0; h < H; h++) {
          y[query + h] = total(seen.length, (i) => (weights[i]! / sum) * v[keyOf(seen[i]!) + h]!);
        }
      }
    }
  }
  return y;
}

/** log softmax(hidden W^T / temperature) of each id, or the entropy of each row. */
export function tokenLogps(
  hidden: Float64Array,
  weight: Float64Array,
  ids: ArrayLike<number>,
  temperature: number,
): { logps: Float64Array; entropy: Float64Array } {
  const d = hidden.length / ids.length;
  const V = weight.length / d;
  const rows = range(ids.length).map((t) => {
    const logits = range(V).map((j) => total(d, (i) => hidden[t * d + i]! * weight[j * d + i]!) / temperature);
    const largest = Math.max(...logits);
    const normalizer = largest + Math.log(total(V, (j) => Math.exp(logits[j]! - largest)));
    return logits.map((logit) => logit - normalizer);
  });
  return {
    logps: fill(rows.length, (t) => rows[t]![ids[t]!]!),
    entropy: fill(rows.length, (t) => -total(V, (j) => Math.exp(rows[t]![j]!) * rows[t]![j]!)),
  };
}

/** op(a) op(b) of two matrices, a [M, D] or its transpose, b [D, N] or its transpose. */
export function matMul(
  a: Float64Array,
  b: Float64Array,
  { M, D, N, transposeA, transposeB }: { M: number; D: number; N: number; transposeA: boolean; transposeB: boolean },
) {
  return fill(M * N, (i) => {
    const [m, n] = [Math.floor(i / N), i % N];
    return total(D, (d) => a[transposeA ? d * M + m : m * D + d]! * b[transposeB ? n * D + d : d * N + n]!);
  });
}

export const fill = (length: number, f: (i: number) => number) => Float64Array.from({ length }, (_, i) => f(i));

export const range = (count: number) => Array.from({ length: count }, (_, i) => i);

function total(count: number, f: (i: number) => number): number {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += f(i);
  return sum;
}
