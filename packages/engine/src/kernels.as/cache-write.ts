/** Copies `rows` rows of `bytes` bytes between places whose rows lie `fromStride` and `toStride` bytes apart. */
export function copyRows(from: usize, fromStride: usize, to: usize, toStride: usize, bytes: usize, rows: i32): void {
  for (let i = 0; i < rows; i++, from += fromStride, to += toStride) memory.copy(to, from, bytes);
}
