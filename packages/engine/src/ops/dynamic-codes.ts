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

/** How a moment of AdamW is coded. */
export interface CodeKind {
  map: Float32Array;
  /** Smallest code of a value over 0. */
  leastCode: number;
}

/**
 * Of the first moment, and of the second. A second moment over 0 never gets code 0, as it does by the nearest rule alone
 * where it is below 1.6e-7 of absmax: it would be lost, and the next update would be m / eps.
 */
export const codeKinds: Record<"m" | "v", CodeKind> = {
  m: { map: dynamicMap(true), leastCode: 0 },
  v: { map: dynamicMap(false), leastCode: 1 },
};

/** [n] the code of 0, which all elements of a moment have at the start. */
export const zeroCodes = ({ map }: CodeKind, length: number): Uint8Array => new Uint8Array(length).fill(map.indexOf(0));

export const blockCount = (length: number): number => Math.ceil(length / blockSize);

/** [n] values from codes [n] and absmax [k]. */
export function decode({ map }: CodeKind, codes: Uint8Array, absmax: Float32Array): Float32Array {
  return Float32Array.from(codes, (code, i) => map[code]! * absmax[Math.floor(i / blockSize)]!);
}

/** Codes [n] and absmax [k] of values [n]. */
export function encode({ map, leastCode }: CodeKind, x: Float32Array): { codes: Uint8Array; absmax: Float32Array } {
  const middles = map.subarray(1).map((value, i) => (map[i]! + value) / 2);
  const codes = new Uint8Array(x.length);
  const absmax = new Float32Array(blockCount(x.length));
  for (const block of absmax.keys()) {
    const [start, end] = [block * blockSize, Math.min(x.length, (block + 1) * blockSize)];
    for (let i = start; i < end; i++) absmax[block] = Math.max(absmax[block]!, Math.abs(x[i]!));
    for (let i = start; i < end; i++) {
      const nearest = countBelow(middles, Math.fround(x[i]! / (absmax[block]! || 1)));
      codes[i] = x[i]! > 0 ? Math.max(nearest, leastCode) : nearest;
    }
  }
  return { codes, absmax };
}

/** How many of the ascending values are below x. */
function countBelow(values: Float32Array, x: number): number {
  let [low, high] = [0, values.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle]! < x) low = middle + 1;
    else high = middle;
  }
  return low;
}
