// The ops in float64 and plain loops: the reference of the kernels.
// Shape suffixes: B batch, T queries, S keys, N query heads, K key/value heads, H head dim, V vocabulary.

export type Doubles = Float64Array;

const sumOver = (count: number, term: (i: number) => number): number => {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += term(i);
  return sum;
};

export function rmsNorm(x: Doubles, weight: Doubles, eps: number): Doubles {
  const d = weight.length;
  return x.map((value, i) => {
    const row = i - (i % d);
    return (value / Math.sqrt(sumOver(d, (j) => x[row + j]! ** 2) / d + eps)) * weight[i % d]!;
  });
}

export function rotaryEmbedding(x: Doubles, cos: Doubles, sin: Doubles, N: number, H: number): Doubles {
  const half = H / 2;
  return x.map((value, i) => {
    const position = Math.floor(i / (N * H)) % (cos.length / half);
    const j = i % H;
    const at = position * half + (j % half);
    return j < half ? value * cos[at]! - x[i + half]! * sin[at]! : value * cos[at]! + x[i - half]! * sin[at]!;
  });
}

export const swiglu = (gate: Doubles, up: Doubles): Doubles => gate.map((g, i) => (g / (1 + Math.exp(-g))) * up[i]!);

/** erf by its Maclaurin series below 3, by the continued fraction of erfc above; good to 1e-14. */
export function erf(x: number): number {
  if (x < 0) return -erf(-x);
  if (x < 3) {
    let term = x;
    let sum = x;
    for (let n = 1; Math.abs(term) > 1e-17 * sum; n++) {
      term *= -(x * x) / n;
      sum += term / (2 * n + 1);
    }
    return (2 / Math.sqrt(Math.PI)) * sum;
  }
  let fraction = x;
  for (let k = 100; k >= 1; k--) fraction = x + k / 2 / fraction;
  return 1 - Math.exp(-x * x) / (Math.sqrt(Math.PI) * fraction);
}

export const gelu = (x: Doubles): Doubles => x.map((value) => (value / 2) * (1 + erf(value * Math.SQRT1_2)));

export interface AttentionSizes {
  B: number;
  T: number;
  S: number;
  N: number;
  K: number;
  H: number;
  causal?: boolean;
  keyCount?: number;
  scale?: number;
  keyMask?: readonly number[];
}

export function attention(q: Doubles, k: Doubles, v: Doubles, sizes: AttentionSizes): Doubles {
  const { B, T, S, N, K, H, causal = false, keyCount = S, scale = H ** -0.5, keyMask } = sizes;
  const out = new Float64Array(q.length);
  for (let b = 0; b < B; b++)
    for (let t = 0; t < T; t++)
      for (let n = 0; n < N; n++) {
        const qAt = ((b * T + t) * N + n) * H;
        const kAt = (s: number) => ((b * S + s) * K + Math.floor(n / (N / K))) * H;
        const sees = (s: number) => (!causal || s <= t + keyCount - T) && (keyMask?.[b * S + s] ?? 1) !== 0;
        const scores = Array.from({ length: keyCount }, (_, s) =>
          sees(s) ? scale * sumOver(H, (h) => q[qAt + h]! * k[kAt(s) + h]!) : -Infinity,
        );
        const top = Math.max(...scores);
        if (top === -Infinity) continue;
        const weights = scores.map((score) => Math.exp(score - top));
        const total = sumOver(keyCount, (s) => weights[s]!);
        for (let h = 0; h < H; h++) out[qAt + h] = sumOver(keyCount, (s) => weights[s]! * v[kAt(s) + h]!) / total;
      }
  return out;
}

/** [logps, entropy] of each row, concatenated. */
export function tokenLogps(
  hidden: Doubles,
  weight: Doubles,
  ids: readonly number[],
  d: number,
  temperature = 1,
): Doubles {
  const V = weight.length / d;
  const out = new Float64Array(2 * ids.length);
  ids.forEach((id, t) => {
    const z = Float64Array.from(
      { length: V },
      (_, v) => sumOver(d, (j) => hidden[t * d + j]! * weight[v * d + j]!) / temperature,
    );
    const top = Math.max(...z);
    const lse = top + Math.log(sumOver(V, (v) => Math.exp(z[v]! - top)));
    out[t] = z[id]! - lse;
    out[ids.length + t] = sumOver(V, (v) => Math.exp(z[v]! - lse) * (lse - z[v]!));
  });
  return out;
}

/** d sum(f(x) cotangent) / dx by central differences, good to about 1e-8 for smooth f. */
export function numericGradient(f: (x: Doubles) => Doubles, x: Doubles, cotangent: Doubles): Doubles {
  const step = 1e-5;
  const dot = (y: Doubles) => sumOver(cotangent.length, (i) => y[i]! * cotangent[i]!);
  return x.map((value, i) => {
    const moved = x.slice();
    moved[i] = value + step;
    const above = dot(f(moved));
    moved[i] = value - step;
    return (above - dot(f(moved))) / (2 * step);
  });
}
