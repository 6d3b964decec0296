// One token of each of n rows of a decode session. Shape letters: N query heads, K key/value heads, H head dim, L tokens of a
// row's prompt, t its own tokens before this one, T its room.
//
// A row's record is six 32-bit words: address of the prompt's keys, L, address of the row's own keys, t, addresses of the cosines
// and sines of its position. Keys of a layer are [tokens, K, H], its values lie behind them, the next layer behind those.
import { softmaxRow, rowBytes } from "./attention-rows";
import { dotRows4, dotRow, sumOfFour, sumOfSixteen } from "./attention-decode";
import { rotateHeads } from "./rotary-embedding";

const RECORD: usize = 24;

// @ts-ignore: decorator
@inline
function word(record: usize, index: usize): usize {
  return <usize>load<u32>(record + (index << 2));
}

/** Bytes of scratch of `decodeAttention` for prompts of at most L tokens. */
export function decodeScratch(L: i32, T: i32): usize {
  return 2 * rowBytes(L + T);
}

/** Rotates q and k of qkv [n, N + 2K, H] in place; k and v become column t of the rows' own caches. */
export function rotateAndStore(qkv: usize, records: usize, n: i32, layer: i32, T: i32, N: i32, K: i32, H: i32): void {
  const head = <usize>H << 2;
  const column = <usize>K * head;
  const ofLayer = <usize>(2 * layer * T) * column;
  for (let i = 0; i < n; i++, records += RECORD, qkv += <usize>(N + 2 * K) * head) {
    rotateHeads(qkv, word(records, 4), word(records, 5), N + K, H >> 1, 1, qkv);
    const to = word(records, 2) + ofLayer + word(records, 3) * column;
    memory.copy(to, qkv + <usize>N * head, column);
    memory.copy(to + <usize>T * column, qkv + <usize>(N + K) * head, column);
  }
}

/** out [n, N, H] = softmax(scale q k^T) v over the prompt's L and the row's t + 1 own columns. */
export function decodeAttention(
  qkv: usize, records: usize, n: i32, layer: i32, T: i32, N: i32, K: i32, H: i32, scale: f32, out: usize, scratch: usize,
): void {
  const head = <usize>H << 2;
  const column = <usize>K * head;
  for (let i = 0; i < n; i++, records += RECORD, qkv += <usize>2 * column) {
    const L = <i32>word(records, 1);
    const own = <i32>word(records, 3) + 1;
    const promptK = word(records, 0) + <usize>(2 * layer * L) * column;
    const ownK = word(records, 2) + <usize>(2 * layer * T) * column;
    const S = L + own;
    const p = scratch;
    const bias = p + rowBytes(S);
    for (let at: usize = 0; at < rowBytes(S); at += 16) v128.store(bias + at, f32x4.splat(0));
    for (let h = 0; h < N; h++, qkv += head, out += head) {
      const from = <usize>((h * K) / N) * head;
      const rest = p + (<usize>L << 2);
      scores(qkv, promptK + from, column, H, L, p);
      scores(qkv, ownK + from, column, H, own, rest);
      softmaxRow(p, bias, S, rowBytes(S), scale);
      weighted(p, promptK + <usize>L * column + from, column, H, L, out, false);
      weighted(rest, ownK + <usize>T * column + from, column, H, own, out, true);
    }
  }
}

/** p[s] = q k[s]. */
function scores(q: usize, k: usize, stride: usize, H: i32, S: i32, p: usize): void {
  const head = <usize>H << 2;
  let s = 0;
  if ((H & 3) == 0) {
    for (; s + 4 <= S; s += 4, k += 4 * stride) v128.store(p + (<usize>s << 2), dotRows4(q, k, stride, head));
    for (; s < S; s++, k += stride) store<f32>(p + (<usize>s << 2), dotRow(q, k, head));
    return;
  }
  for (; s < S; s++, k += stride) {
    let sum: f32 = 0;
    for (let i: usize = 0; i < head; i += 4) sum += load<f32>(q + i) * load<f32>(k + i);
    store<f32>(p + (<usize>s << 2), sum);
  }
}

/** out = sum over s of p[s] v[s], to what is there if `accumulate`. */
function weighted(p: usize, v: usize, stride: usize, H: i32, S: i32, out: usize, accumulate: bool): void {
  const head = <usize>H << 2;
  let i: usize = 0;
  for (; i + 64 <= head; i += 64) sumOfSixteen(p, v + i, stride, S, out + i, accumulate);
  for (; i + 16 <= head; i += 16) sumOfFour(p, v + i, stride, S, out + i, accumulate);
  for (; i < head; i += 4) {
    let sum: f32 = accumulate ? load<f32>(out + i) : 0;
    for (let s: usize = 0; s < <usize>S; s++) sum += load<f32>(p + (s << 2)) * load<f32>(v + i + s * stride);
    store<f32>(out + i, sum);
  }
}
