import { load4, store4 } from "./lanes";
import { sigmoid4 } from "./math";

/** y = gate * sigmoid(gate) * up. */
export function swiglu(gate: usize, up: usize, size: i32, y: usize): void {
  for (let left = size; left > 0; left -= 4, gate += 16, up += 16, y += 16) {
    const g = load4(gate, left);
    store4(y, f32x4.mul(f32x4.mul(g, sigmoid4(g)), load4(up, left)), left);
  }
}

/** dup = dy gate s, dgate = dy up s (1 + gate (1 - s)), s = sigmoid(gate). */
export function swigluGrad(gate: usize, up: usize, dy: usize, size: i32, dgate: usize, dup: usize): void {
  const one = f32x4.splat(1);
  for (let left = size; left > 0; left -= 4, gate += 16, up += 16, dy += 16, dgate += 16, dup += 16) {
    const g = load4(gate, left);
    const s = sigmoid4(g);
    const slope = f32x4.add(one, f32x4.mul(g, f32x4.sub(one, s)));
    const dys = f32x4.mul(load4(dy, left), s);
    store4(dgate, f32x4.mul(f32x4.mul(dys, load4(up, left)), slope), left);
    store4(dup, f32x4.mul(dys, g), left);
  }
}
