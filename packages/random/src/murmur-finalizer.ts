/** The finalizer of MurmurHash3: a bijection of 32 bits in which every input bit reaches every output bit; signed. */
export function murmurFinalizer(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
