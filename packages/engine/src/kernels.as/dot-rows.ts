// Products of a few rows: packing B would cost more than the product itself.
import { load4, sumLanes } from "./lanes";
import { madd4 } from "./math";

/** C[M, N] = A[M, D] B[N, D]^T + bias; bias is [N], or 0 for none. */
export function dotRows(a: usize, b: usize, bias: usize, c: usize, M: i32, D: i32, N: i32): void {
  const stride = <usize>D << 2;
  for (let m = 0; m < M; m++, a += stride) {
    let row = b;
    let n = 0;
    for (; n + 4 <= N; n += 4, row += 4 * stride, c += 16) {
      const sums = dotFour(a, row, stride, D);
      v128.store(c, bias == 0 ? sums : f32x4.add(sums, v128.load(bias + (<usize>n << 2))));
    }
    for (; n < N; n++, row += stride, c += 4) {
      const sum = dotOne(a, row, D);
      store<f32>(c, bias == 0 ? sum : sum + load<f32>(bias + (<usize>n << 2)));
    }
  }
}

// @ts-ignore: decorator
@inline
function dotFour(a: usize, b0: usize, stride: usize, D: i32): v128 {
  const b1 = b0 + stride;
  const b2 = b1 + stride;
  const b3 = b2 + stride;
  let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0;
  const whole = (<usize>D << 2) & ~15;
  let at: usize = 0;
  for (; at < whole; at += 16) {
    const x = v128.load(a + at);
    s0 = madd4(x, v128.load(b0 + at), s0);
    s1 = madd4(x, v128.load(b1 + at), s1);
    s2 = madd4(x, v128.load(b2 + at), s2);
    s3 = madd4(x, v128.load(b3 + at), s3);
  }
  const left = D & 3;
  if (left) {
    const x = load4(a + at, left);
    s0 = madd4(x, load4(b0 + at, left), s0);
    s1 = madd4(x, load4(b1 + at, left), s1);
    s2 = madd4(x, load4(b2 + at, left), s2);
    s3 = madd4(x, load4(b3 + at, left), s3);
  }
  // Transposes the four partial sums, then adds: lane n is the sum of s_n.
  const t0 = v128.shuffle<f32>(s0, s1, 0, 4, 1, 5);
  const t1 = v128.shuffle<f32>(s0, s1, 2, 6, 3, 7);
  const t2 = v128.shuffle<f32>(s2, s3, 0, 4, 1, 5);
  const t3 = v128.shuffle<f32>(s2, s3, 2, 6, 3, 7);
  const low = f32x4.add(t0, t1);
  const high = f32x4.add(t2, t3);
  return f32x4.add(v128.shuffle<f32>(low, high, 0, 1, 4, 5), v128.shuffle<f32>(low, high, 2, 3, 6, 7));
}

function dotOne(a: usize, b: usize, D: i32): f32 {
  let sum = f32x4.splat(0);
  for (let left = D; left > 0; left -= 4, a += 16, b += 16) sum = madd4(load4(a, left), load4(b, left), sum);
  return sumLanes(sum);
}
