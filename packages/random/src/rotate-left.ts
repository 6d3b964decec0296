/** The 32-bit word with its bits moved `bits` places up, those that fall out coming in below. */
export const rotateLeft = (word: number, bits: number): number => (word << bits) | (word >>> (32 - bits));
