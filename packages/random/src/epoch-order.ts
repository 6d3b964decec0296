import { murmurFinalizer as mix } from "./murmur-finalizer.ts";

/**
 * The order of one epoch: a permutation of 0..count-1 that depends on `seed`, `epoch` and `count` only.
 *
 * Fisher-Yates with counter-based draws: draw i is a hash of (seed, epoch, i), so no generator state has to be saved.
 *
 * @returns [count] indices.
 */
export function epochOrder(seed: number, epoch: number, count: number): Uint32Array {
  const order = Uint32Array.from({ length: count }, (_, index) => index);
  const key = mix(mix(seed ^ 0x9e3779b9) ^ epoch);
  for (let i = count - 1; i > 0; i -= 1) {
    const j = Math.floor(uniformAt(key, i) * (i + 1));
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order;
}

/** A number in [0, 1) with 53 random bits that depends on `key` and `counter` only. */
export function uniformAt(key: number, counter: number): number {
  const high = mix(key ^ mix(2 * counter)) >>> 5;
  const low = mix(key ^ mix(2 * counter + 1)) >>> 6;
  return (high * 2 ** 26 + low) / 2 ** 53;
}
