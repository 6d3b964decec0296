/** out[ids[i], :] += x[i, :] for every row i whose id lies in [0, segments); out is zeroed first. */
export function segmentSum(x: usize, ids: usize, rows: i32, width: i32, segments: i32, out: usize): void {
  const stride = <usize>width << 2;
  memory.fill(out, 0, <usize>segments * stride);
  for (let i = 0; i < rows; i++, x += stride) {
    const id = load<i32>(ids + (<usize>i << 2));
    if (<u32>id >= <u32>segments) continue;
    const to = out + <usize>id * stride;
    let j: usize = 0;
    for (; j + 16 <= stride; j += 16) v128.store(to + j, f32x4.add(v128.load(to + j), v128.load(x + j)));
    for (; j < stride; j += 4) store<f32>(to + j, load<f32>(to + j) + load<f32>(x + j));
  }
}
