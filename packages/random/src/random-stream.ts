import { murmurFinalizer } from "./murmur-finalizer.ts";
import { rotateLeft } from "./rotate-left.ts";
import { xoshiro128 } from "./xoshiro128.ts";

/** A deterministic stream of random numbers. */
export interface RandomStream {
  /** Uniform in [0, 1), 53 bits. */
  next(): number;
  /** Uniform integer in [0, n), without modulo bias; 1 <= n <= 2^32. */
  int(n: number): number;
  /** The numbers 0 .. n-1 in uniformly random order. */
  permutation(n: number): number[];
  /** A uniformly random element of a list that is not empty. */
  choice<T>(list: readonly T[]): T;
}

/**
 * The stream of a seed and a path of names, such as `randomStream(42, "data", epoch)`. Streams of different
 * names are independent, so that a draw added to one place of a program changes no other.
 *
 * @throws {RangeError} If the seed is not a safe integer.
 */
export function randomStream(seed: number, ...names: readonly (string | number)[]): RandomStream {
  if (!Number.isSafeInteger(seed)) throw new RangeError(`randomStream: seed=${seed} must be a safe integer`);
  const text = JSON.stringify([seed, ...names]);
  const uint32 = xoshiro128([hash(text, 0), hash(text, 1), hash(text, 2), hash(text, 3)]);

  const next = () => ((uint32() >>> 5) * 2 ** 26 + (uint32() >>> 6)) / 2 ** 53;

  function int(n: number): number {
    if (!Number.isInteger(n) || n < 1 || n > 2 ** 32)
      throw new RangeError(`int: n=${n} must be an integer of 1 to 2^32`);
    const fair = 2 ** 32 - (2 ** 32 % n); // draws from here on would favour the small numbers
    for (;;) {
      const draw = uint32();
      if (draw < fair) return draw % n;
    }
  }

  function permutation(n: number): number[] {
    const order = Array.from({ length: n }, (_, i) => i);
    for (let i = n - 1; i > 0; i--) {
      const j = int(i + 1);
      [order[i], order[j]] = [order[j]!, order[i]!];
    }
    return order;
  }

  function choice<T>(list: readonly T[]): T {
    if (list.length === 0) throw new RangeError("choice: the list is empty");
    return list[int(list.length)]!;
  }

  return { next, int, permutation, choice };
}

/** 32-bit MurmurHash3 of the text's UTF-16 units under a lane number. */
function hash(text: string, lane: number): number {
  let h = lane;
  for (let i = 0; i < text.length; i++) {
    const block = Math.imul(rotateLeft(Math.imul(text.charCodeAt(i), 0xcc9e2d51), 15), 0x1b873593);
    h = (Math.imul(rotateLeft(h ^ block, 13), 5) + 0xe6546b64) | 0;
  }
  return murmurFinalizer(h ^ text.length) >>> 0;
}
