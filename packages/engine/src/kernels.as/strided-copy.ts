/**
 * out[i, j, k, :] = x[i, j, k, :] for i < n0, j < n1, k < n2 and rows of `bytes` contiguous bytes (a multiple of 4).
 * Strides are in bytes; an x-stride of 0 repeats. Slices, concatenations, tiles and most transposes are this loop.
 */
export function stridedCopy(
  x: usize, out: usize, bytes: usize, n0: i32, n1: i32, n2: i32,
  x0: usize, x1: usize, x2: usize, out0: usize, out1: usize, out2: usize,
): void {
  for (let i = 0; i < n0; i++, x += x0, out += out0) {
    let xj = x;
    let outj = out;
    for (let j = 0; j < n1; j++, xj += x1, outj += out1) {
      let xk = xj;
      let outk = outj;
      if (bytes == 4) {
        for (let k = 0; k < n2; k++, xk += x2, outk += out2) store<u32>(outk, load<u32>(xk));
      } else if (bytes > 512) {
        for (let k = 0; k < n2; k++, xk += x2, outk += out2) memory.copy(outk, xk, bytes);
      } else {
        for (let k = 0; k < n2; k++, xk += x2, outk += out2) copyRow(xk, outk, bytes);
      }
    }
  }
}

// A call of memory.copy costs more than a short row.
// @ts-ignore: decorator
@inline
function copyRow(x: usize, out: usize, bytes: usize): void {
  let at: usize = 0;
  for (; at + 16 <= bytes; at += 16) v128.store(out + at, v128.load(x + at));
  for (; at < bytes; at += 4) store<u32>(out + at, load<u32>(x + at));
}

export function fillZero(out: usize, bytes: usize): void {
  memory.fill(out, 0, bytes);
}
