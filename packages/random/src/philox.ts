const [multiplierA, multiplierB] = [0xd2511f53, 0xcd9e8d57];
const [weylA, weylB] = [0x9e3779b9, 0xbb67ae85];

/**
 * Philox4x32-10: four random 32-bit words as a pure function of counter and key, so any draw can be made alone.
 *
 * @param counter - Four unsigned 32-bit words.
 * @param key - Two unsigned 32-bit words.
 * @see Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3", section 4.3
 */
export function philox(
  counter: readonly [number, number, number, number],
  key: readonly [number, number],
): [number, number, number, number] {
  let [a, b, c, d] = counter;
  let [keyA, keyB] = key;
  for (let round = 0; round < 10; round++) {
    const nextA = highProduct(multiplierB, c) ^ b ^ keyA;
    const nextC = highProduct(multiplierA, a) ^ d ^ keyB;
    b = Math.imul(multiplierB, c);
    d = Math.imul(multiplierA, a);
    a = nextA;
    c = nextC;
    keyA = (keyA + weylA) | 0;
    keyB = (keyB + weylB) | 0;
  }
  return [a >>> 0, b >>> 0, c >>> 0, d >>> 0];
}

/** High word of the 64-bit product of two 32-bit words, in 16-bit halves. */
function highProduct(x: number, y: number): number {
  const [xHigh, xLow, yHigh, yLow] = [x >>> 16, x & 0xffff, y >>> 16, y & 0xffff];
  const middle = xHigh * yLow + ((xLow * yLow) >>> 16); // < 2^32
  const cross = xLow * yHigh + (middle & 0xffff); // < 2^32
  return (xHigh * yHigh + (middle >>> 16) + (cross >>> 16)) | 0;
}

/** A seed, any safe integer, as a Philox key. */
export function keyOf(seed: number): [number, number] {
  return [seed >>> 0, Math.floor(seed / 2 ** 32) >>> 0];
}

/** Uniform in [0, 1), 53 bits, from two words. */
export const uniform = (high: number, low: number): number => ((high >>> 5) * 2 ** 26 + (low >>> 6)) / 2 ** 53;

/** A seed for stream `index` of a seed, statistically independent of the other streams'. */
export function deriveSeed(seed: number, index: number): number {
  const [high, low] = philox([0, index, 0, 1], keyOf(seed));
  return (high >>> 11) * 2 ** 32 + low;
}
