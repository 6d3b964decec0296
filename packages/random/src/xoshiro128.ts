import { rotateLeft } from "./rotate-left.ts";

/**
 * The generator xoshiro128**: each call gives the next unsigned 32-bit word. It starts from 128 bits that are not all 0.
 *
 * @see Blackman and Vigna 2021, "Scrambled linear pseudorandom number generators"; https://prng.di.unimi.it/xoshiro128starstar.c
 */
export function xoshiro128(start: readonly [number, number, number, number]): () => number {
  let [a, b, c, d] = start;
  return () => {
    const result = Math.imul(rotateLeft(Math.imul(b, 5), 7), 9) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = rotateLeft(d, 11);
    return result;
  };
}
