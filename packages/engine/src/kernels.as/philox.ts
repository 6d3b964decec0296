/**
 * Philox4x32-10 with counter [n, 0, 0, 0] and key [low, high], its first two words as a uniform number in [0, 1) of 53 bits:
 * the n-th draw of a row.
 * @see Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3", section 4.3
 */
export function uniformAt(low: u32, high: u32, n: u32): f64 {
  let a = n, b: u32 = 0, c: u32 = 0, d: u32 = 0;
  for (let round = 0; round < 10; round++) {
    const ofA = <u64>a * 0xd2511f53;
    const ofC = <u64>c * 0xcd9e8d57;
    a = <u32>(ofC >> 32) ^ b ^ low;
    c = <u32>(ofA >> 32) ^ d ^ high;
    b = <u32>ofC;
    d = <u32>ofA;
    low += 0x9e3779b9;
    high += 0xbb67ae85;
  }
  return (<f64>(a >> 5) * 67108864.0 + <f64>(b >> 6)) / 9007199254740992.0;
}
