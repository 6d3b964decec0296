// Shape suffixes: P packed queries, S packed keys, N query heads, K key/value heads, H head dim, R segments of a run, L their length.
import { concat, type Rank, reshape, slice, type Tensor3D, type Tensor4D, tidy } from "@tensorflow/tfjs-core";
import { hasKernel } from "../fused.ts";
import { compositeAttention } from "./attention.ts";
import { flashAttended } from "./flash-attended.ts";

export interface VarlenAttentionOptions {
  /** Factor of the scores, default 1 / sqrt(H). */
  scale?: number;
  /** The last query of a segment sees its last key, the one before it all but that, and so on. Default: all see all. */
  causal?: boolean;
  /** [n+1] borders of the segments' keys, from 0 to S. Default: those of the queries. */
  cuKeys?: Int32Array;
  /**
   * [n] the segment whose keys each segment sees before its own, -1: none. Those without come first, and the others ascend:
   * completions by prompt, after the prompts. Default: none.
   */
  prefixOf?: Int32Array;
}

/**
 * Attention inside each segment of packed sequences: the queries cuSeqlens[i] <= p < cuSeqlens[i+1] see the keys of segment i,
 * and those of its prefix.
 *
 * @param q - [P, N, H].
 * @param k - [S, K, H], K divides N.
 * @param v - [S, K, H].
 * @param cuSeqlens - [n+1] ascending borders of the queries from 0 to P; empty segments are allowed.
 * @returns [P, N, H].
 * @throws {RangeError} If borders do not ascend from 0 to the end, shapes do not fit, or prefixes are not in order.
 */
export function varlenAttention(
  q: Tensor3D,
  k: Tensor3D,
  v: Tensor3D,
  cuSeqlens: Int32Array,
  options: VarlenAttentionOptions = {},
): Tensor3D {
  const attrs = checkedAttrs(q, k, v, cuSeqlens, options);
  if (!hasKernel("VarlenAttention")) return compositeVarlenAttention(q, k, v, cuSeqlens, options);
  return flashAttended<Tensor3D>("VarlenAttention", [q, k, v], attrs);
}

/** What the kernels read; `prefixOf` with -1 where there is none. */
export type VarlenAttrs = { cuSeqlens: number[]; cuKeys: number[]; prefixOf: number[]; causal: boolean; scale: number };

function checkedAttrs(
  q: Tensor3D,
  k: Tensor3D,
  v: Tensor3D,
  cuSeqlens: Int32Array,
  { scale = q.shape[2] ** -0.5, causal = false, cuKeys = cuSeqlens, prefixOf }: VarlenAttentionOptions,
): VarlenAttrs {
  const [P, N, H] = q.shape;
  const [S, K] = k.shape;
  if (k.shape[2] !== H || N % K !== 0 || String(v.shape) !== String(k.shape)) {
    throw new RangeError(
      `varlenAttention: q [P,N,H], k [S,K,H], v [S,K,H] do not fit: q [${q.shape}], k [${k.shape}], v [${v.shape}]`,
    );
  }
  checkBorders("cuSeqlens", cuSeqlens, P);
  if (cuKeys !== cuSeqlens || S !== P) checkBorders("cuKeys", cuKeys, S);
  if (cuKeys.length !== cuSeqlens.length)
    throw new RangeError(`varlenAttention: ${cuSeqlens.length - 1} segments of queries, ${cuKeys.length - 1} of keys`);
  const prefixes = prefixOf ? Array.from(prefixOf) : new Array<number>(cuSeqlens.length - 1).fill(-1);
  if (prefixOf) checkPrefixes(prefixes, cuKeys);
  return { cuSeqlens: Array.from(cuSeqlens), cuKeys: Array.from(cuKeys), prefixOf: prefixes, causal, scale };
}

function checkBorders(name: string, borders: Int32Array, end: number): void {
  const ascends = borders.every((border, i) => border >= (i ? borders[i - 1]! : 0));
  if (borders[0] !== 0 || borders.at(-1) !== end || !ascends)
    throw new RangeError(`varlenAttention: ${name} [${borders}] must ascend from 0 to ${end}`);
}

function checkPrefixes(prefixOf: readonly number[], cuKeys: Int32Array): void {
  const first = prefixOf.findIndex((of) => of >= 0);
  const own = first < 0 ? prefixOf.length : first;
  const isOrdered = prefixOf.every((of, i) => (i < own ? of < 0 : of >= (i > own ? prefixOf[i - 1]! : 0) && of < own));
  const hasKeys = prefixOf.every((of) => of < 0 || cuKeys[of + 1]! > cuKeys[of]!);
  if (prefixOf.length !== cuKeys.length - 1 || !isOrdered || !hasKeys)
    throw new RangeError(
      `varlenAttention: prefixOf [${prefixOf}] must name, for each of ${cuKeys.length - 1} segments, one of those before all that have a prefix, with keys, ascending`,
    );
}

/** `varlenAttention` from tfjs ops: neighbouring segments of one length make one batch. */
export function compositeVarlenAttention(
  q: Tensor3D,
  k: Tensor3D,
  v: Tensor3D,
  cuSeqlens: Int32Array,
  options: VarlenAttentionOptions = {},
): Tensor3D {
  const { cuSeqlens: queries, cuKeys, prefixOf, causal, scale } = checkedAttrs(q, k, v, cuSeqlens, options);
  const rows = (x: Tensor3D, start: number, end: number) =>
    end - start === x.shape[0] ? x : slice(x, [start, 0, 0], [end - start, -1, -1]);
  return tidy(() => {
    const parts = runsOf(queries, cuKeys, prefixOf).map(({ first, count }) => {
      const keysOf = (x: Tensor3D) => {
        const own = rows(x, cuKeys[first]!, cuKeys[first + count]!);
        const prefix = prefixOf[first]!;
        return prefix < 0 ? own : concat([rows(x, cuKeys[prefix]!, cuKeys[prefix + 1]!), own], 0);
      };
      const [q_RLNH, k_RLKH, v_RLKH] = [rows(q, queries[first]!, queries[first + count]!), keysOf(k), keysOf(v)].map(
        (x) => reshape<Rank.R4>(x, [count, x.shape[0] / count, x.shape[1]!, x.shape[2]!]),
      ) as [Tensor4D, Tensor4D, Tensor4D];
      const y_RLNH = compositeAttention(q_RLNH, k_RLKH, v_RLKH, { causal, scale });
      return reshape<Rank.R3>(y_RLNH, [-1, q.shape[1], q.shape[2]]);
    });
    return parts.length === 1 ? parts[0]! : concat(parts, 0);
  });
}

/** Runs of segments with queries that have equal lengths and no prefix; others are a run each. */
function runsOf(queries: readonly number[], keys: readonly number[], prefixOf: readonly number[]) {
  const runs: { first: number; count: number }[] = [];
  const length = (borders: readonly number[], i: number) => borders[i + 1]! - borders[i]!;
  for (const i of prefixOf.keys()) {
    const last = runs.at(-1);
    const isAlike =
      last !== undefined &&
      last.first + last.count === i &&
      prefixOf[last.first]! < 0 &&
      prefixOf[i]! < 0 &&
      [queries, keys].every((borders) => length(borders, last.first) === length(borders, i));
    if (isAlike) last.count++;
    else if (length(queries, i) > 0) runs.push({ first: i, count: 1 });
  }
  return runs;
}
