// Blocks of 256 float32 as codes of 8 bits: value = map[code] * absmax, absmax = max |x| of the block, and code the one whose
// map value is nearest to x / absmax. Shape letters: n elements, k blocks.

export const blockSize = 256;
const decades = 7;

/**
 * [256] values of a map, ascending: seven decades of (0, 1], each with twice the steps of the one below; 0 and 1. Signed: of both
 * signs, 1 and 0 excepted; unsigned: with twice the steps.
 *
 * @see arXiv:2110.02861; bitsandbytes 0.50.2 functional.py `create_dynamic_map`
 */
function dynamicMap(isSigned: boolean): Float32Array {
  const values = [0, 1];
  for (let decade = 0; decade < decades; decade++) {
    const steps = (isSigned ? 1 : 2) << decade;
    const first = Math.fround(0.1);
    const width = Math.fround(Math.fround(1 - first) / steps);
    // from both ends, as torch.linspace
    const bound = (i: number) => Math.fround(2 * i < steps + 1 ? first + width * i : 1 - width * (steps - i));
    const scale = Math.fround(10 ** (decade + 1 - decades));
    for (let i = 0; i < steps; i++) {
      const value = Math.fround(Math.fround(Math.fround(bound(i) + bound(i + 1)) / 2) * scale);
      values.push(...(isSigned ? [value, -value] : [value]));
    }
  }
  return Float32Array.from(values).sort();
}

/** The maps of the first and of the second moment of AdamW. */
export const codeMaps: Record<"m" | "v", Float32Array> = { m: dynamicMap(true), v: dynamicMap(false) };

/**
 * The middle of what code 0 of a second moment may stand for, as a share of absmax: v is taken to be that much at least, 8e-8.
 * With v = 0 an update would be m / eps.
 */
export const leastShare = Math.fround(codeMaps.v[1]! / 4);

/** [n] the code of 0, which all elements of a moment have at the start. */
export const zeroCodes = (map: Float32Array, length: number): Uint8Array => new Uint8Array(length).fill(map.indexOf(0));

export const blockCount = (length: number): number => Math.ceil(length / blockSize);

/** [n] values of codes [n] and absmax [k]. */
export function decode(map: Float32Array, codes: Uint8Array, absmax: Float32Array): Float32Array {
  return Float32Array.from(codes, (code, i) => map[code]! * absmax[Math.floor(i / blockSize)]!);
}

/** Codes [n] and absmax [k] of values [n]. */
export function encode(map: Float32Array, x: Float32Array): { codes: Uint8Array; absmax: Float32Array } {
  const codes = new Uint8Array(x.length);
  const absmax = new Float32Array(blockCount(x.length));
  for (const block of absmax.keys()) {
    const [start, end] = [block * blockSize, Math.min(x.length, (block + 1) * blockSize)];
    for (let i = start; i < end; i++) absmax[block] = Math.max(absmax[block]!, Math.abs(x[i]!));
    for (let i = start; i < end; i++) codes[i] = nearest(map, Math.fround(x[i]! / (absmax[block]! || 1)));
  }
  return { codes, absmax };
}

/** The code whose value is nearest to x; of two that are equally near in float32, the lower one. */
function nearest(map: Float32Array, x: number): number {
  let [low, high] = [0, map.length - 1]; // map[low] <= x < map[high], but at the ends
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (map[middle]! <= x) low = middle;
    else high = middle;
  }
  return Math.fround(map[high]! - x) < Math.fround(x - map[low]!) ? high : low;
}
