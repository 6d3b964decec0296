/** Rotates a 32-bit word left by `bits`. */
export const rotateLeft = (word: number, bits: number): number => (word << bits) | (word >>> (32 - bits));
