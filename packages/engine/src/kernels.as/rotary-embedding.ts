import { load4, store4 } from "./lanes";

/**
 * (x_j, x_{j+h}) -> (x_j cos_j - x_{j+h} sin_j, x_{j+h} cos_j + x_j sin_j), h = H/2, for x [positions, N, 2h].
 * `direction` 1 turns forward, -1 back (the gradient). cos and sin [tableRows, h] repeat over the positions.
 */
export function rotaryEmbedding(
  x: usize, cos: usize, sin: usize, positions: i32, tableRows: i32, N: i32, h: i32, direction: f32, y: usize,
): void {
  const half = <usize>h << 2;
  const row = 2 * <usize>N * half;
  for (let p = 0; p < positions; p++, x += row, y += row) {
    const offset = <usize>(p % tableRows) * half;
    rotateHeads(x, cos + offset, sin + offset, N, h, direction, y);
  }
}

/** The same for the N heads of one position; y may be x. */
// @ts-ignore: decorator
@inline
export function rotateHeads(x: usize, cos: usize, sin: usize, N: i32, h: i32, direction: f32, y: usize): void {
  const half = <usize>h << 2;
  const way = f32x4.splat(direction);
  for (let n = 0; n < N; n++, x += 2 * half, y += 2 * half) {
    for (let left = h, i: usize = 0; left > 0; left -= 4, i += 16) {
      const c = load4(cos + i, left);
      const s = f32x4.mul(way, load4(sin + i, left));
      const a = load4(x + i, left);
      const b = load4(x + half + i, left);
      store4(y + i, f32x4.sub(f32x4.mul(a, c), f32x4.mul(b, s)), left);
      store4(y + half + i, f32x4.add(f32x4.mul(b, c), f32x4.mul(a, s)), left);
    }
  }
}
