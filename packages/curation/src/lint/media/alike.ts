import type { FrameFingerprint } from "./fingerprint.ts";

/** Bits of a hundred that may differ, and levels of 255 by which colours may differ on average. */
const [mostBits, mostLevels] = [0.05, 10];

/** Pictures of a bucket that each new one is compared with. */
const mostCompared = 200;

/** Pictures with fewer set bits are too plain to tell apart by them. */
const fewestBits = 6;

/** Finds media that look the same. */
export interface AlikeFinder<Name> {
  /** The names of earlier media that look as these frames do. */
  add(name: Name, frames: readonly FrameFingerprint[]): Name[];
}

/**
 * Media with as many frames look alike if at most 5 % of their bits differ and their colours by at most 10 levels on average. Those
 * that share a word of 16 bits are compared: of any two that are close enough one word at least is equal, since fewer bits differ
 * than there are words. Words of plain places, in which no bit or every bit is set, are passed over, and so are plain pictures.
 */
export function createAlikeFinder<Name>(): AlikeFinder<Name> {
  const held: { name: Name; bits: Uint16Array; colors: Uint8Array }[] = [];
  const buckets = new Map<number, number[]>();
  return {
    add(name, frames) {
      const bits = Uint16Array.from(frames.flatMap((frame) => [...frame.bits]));
      const colors = Uint8Array.from(frames.flatMap((frame) => [...frame.colors]));
      if (bits.reduce((sum, word) => sum + bitCount(word), 0) < fewestBits * frames.length) return [];
      const found = new Set<number>();
      const own = held.push({ name, bits, colors }) - 1;
      for (const [at, word] of bits.entries()) {
        if (word === 0 || word === 0xffff) continue;
        const key = (bits.length * 256 + at) * 65_536 + word;
        const bucket = buckets.get(key) ?? [];
        buckets.set(key, bucket);
        for (const other of bucket.slice(0, mostCompared)) if (areAlike(held[own]!, held[other]!)) found.add(other);
        bucket.push(own);
      }
      return [...found].sort((a, b) => a - b).map((other) => held[other]!.name);
    },
  };
}

interface Held {
  bits: Uint16Array;
  colors: Uint8Array;
}

function areAlike(a: Held, b: Held): boolean {
  let different = 0;
  for (const [i, word] of a.bits.entries()) different += bitCount(word ^ b.bits[i]!);
  if (different > mostBits * 16 * a.bits.length) return false;
  let levels = 0;
  for (const [i, level] of a.colors.entries()) levels += Math.abs(level - b.colors[i]!);
  return levels <= mostLevels * a.colors.length;
}

function bitCount(word: number): number {
  let count = 0;
  for (let rest = word; rest > 0; rest &= rest - 1) count += 1;
  return count;
}
