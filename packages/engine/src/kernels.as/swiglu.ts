import { load4, store4 } from "./lanes";
import { sigmoid4 } from "./math";

/** y = gate * sigmoid(gate) * up. */
export function swiglu(gate: usize, up: usize, size: i32, y: usize): void {
  let left = size;
  // Sixteen at a time: the constants of the exponential are then made once for four vectors.
  for (; left >= 16; left -= 16, gate += 64, up += 64, y += 64) {
    v128.store(y, swiglu4(v128.load(gate), v128.load(up)));
    v128.store(y, swiglu4(v128.load(gate, 16), v128.load(up, 16)), 16);
    v128.store(y, swiglu4(v128.load(gate, 32), v128.load(up, 32)), 32);
    v128.store(y, swiglu4(v128.load(gate, 48), v128.load(up, 48)), 48);
  }
  for (; left > 0; left -= 4, gate += 16, up += 16, y += 16) {
    store4(y, swiglu4(load4(gate, left), load4(up, left)), left);
  }
}

/** The same for rows [gate, up] of 2 width numbers each; y is [rows, width]. */
export function swigluRows(x: usize, rows: i32, width: i32, y: usize): void {
  const bytes = <usize>width << 2;
  for (let row = 0; row < rows; row++, x += 2 * bytes, y += bytes) swiglu(x, x + bytes, width, y);
}

// @ts-ignore: decorator
@inline
function swiglu4(g: v128, u: v128): v128 {
  return f32x4.mul(f32x4.mul(g, sigmoid4(g)), u);
}

/** dup = dy gate s, dgate = dy up s (1 + gate (1 - s)), s = sigmoid(gate). */
export function swigluGrad(gate: usize, up: usize, dy: usize, size: i32, dgate: usize, dup: usize): void {
  let left = size;
  for (; left >= 8; left -= 8, gate += 32, up += 32, dy += 32, dgate += 32, dup += 32) {
    swigluGrad4(gate, up, dy, 4, dgate, dup);
    swigluGrad4(gate + 16, up + 16, dy + 16, 4, dgate + 16, dup + 16);
  }
  for (; left > 0; left -= 4, gate += 16, up += 16, dy += 16, dgate += 16, dup += 16) {
    swigluGrad4(gate, up, dy, left, dgate, dup);
  }
}

// @ts-ignore: decorator
@inline
function swigluGrad4(gate: usize, up: usize, dy: usize, left: i32, dgate: usize, dup: usize): void {
  const one = f32x4.splat(1);
  const g = load4(gate, left);
  const s = sigmoid4(g);
  const slope = f32x4.add(one, f32x4.mul(g, f32x4.sub(one, s)));
  const dys = f32x4.mul(load4(dy, left), s);
  store4(dgate, f32x4.mul(f32x4.mul(dys, load4(up, left)), slope), left);
  store4(dup, f32x4.mul(dys, g), left);
}
