/** out[i, :] = x[ids[i], :], rows of `bytes` bytes. Returns the first i whose id is not in [0, xRows), or -1. */
export function gatherRows(x: usize, ids: usize, rows: i32, xRows: i32, bytes: usize, out: usize): i32 {
  for (let i = 0; i < rows; i++, out += bytes) {
    const id = load<i32>(ids + (<usize>i << 2));
    if (<u32>id >= <u32>xRows) return i;
    memory.copy(out, x + <usize>id * bytes, bytes);
  }
  return -1;
}
