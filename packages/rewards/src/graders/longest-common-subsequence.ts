/** Tokens of `t` in one block: the sum of two such numbers and a carry is still an int32. */
const blockLength = 30;
/** Tokens of `p` between two checks whether the length can still grow. */
const chunkLength = 4096;

/**
 * Length of the longest common subsequence of two texts, given as token ids. Bit-parallel, after Hyyrö 2004,
 * "Bit-parallel LCS-length computation revisited": at most |p| * |t| / 30 steps, and memory linear in |t|.
 *
 * A row of the table is the bits of V, a 0 wherever the length grows by one. Each token of `p` makes
 * V + (V & M) | (V & ~M) of it, M being where that token stands in `t`. Each carry out of the top adds one to the length.
 *
 * @param size - Ids are integers in [0, size); `p` may also hold `size`, a token that `t` does not have.
 * @param bound - An upper bound on the length: the search ends when it is reached.
 */
export function longestCommonSubsequence(
  t: readonly number[],
  p: readonly number[],
  size: number,
  bound: number,
): number {
  const places = new Int32Array(size); // M by id, for the current block
  const rows = new Int32Array(Math.ceil(t.length / blockLength)).fill(-1); // V by block
  const carries = new Uint8Array(Math.min(chunkLength, p.length)); // carries of the block below, by token of p
  let length = 0;
  for (let start = 0; start < p.length && length < bound; start += chunkLength) {
    const end = Math.min(start + chunkLength, p.length);
    carries.fill(0);
    for (let block = 0; block < rows.length; block++) {
      const from = block * blockLength;
      const width = Math.min(blockLength, t.length - from);
      for (let bit = 0; bit < width; bit++) places[t[from + bit]!]! |= 1 << bit;
      const ones = 2 ** width - 1;
      let row = rows[block]! & ones;
      for (let j = start; j < end; j++) {
        const id = p[j]!;
        if (id === size) continue;
        const place = places[id]!;
        const sum = row + (row & place) + carries[j - start]!;
        carries[j - start] = sum >>> width;
        row = (sum & ones) | (row & ~place);
      }
      rows[block] = row;
      for (let bit = 0; bit < width; bit++) places[t[from + bit]!] = 0;
    }
    for (const carry of carries) length += carry;
  }
  return length;
}
