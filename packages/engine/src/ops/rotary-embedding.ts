// Shape suffixes: B batch, T positions, N heads, H head dim.
import { add, concat, expandDims, mul, slice, sub, type Tensor3D, type Tensor4D, tidy } from "@tensorflow/tfjs-core";
import { hasKernel, runKernel } from "../fused.ts";

/**
 * Rotates the pairs (x_j, x_{j+H/2}) by the angle of position and frequency j ("rotate half").
 * (x_j, x_{j+H/2}) -> (x_j cos_j - x_{j+H/2} sin_j, x_{j+H/2} cos_j + x_j sin_j). No gradient flows to cos and sin.
 *
 * @param x - [B, T, N, H].
 * @param cos - [B, T, H/2]; B may be 1.
 * @param sin - As cos.
 * @returns [B, T, N, H].
 * @see arXiv:2104.09864; huggingface/transformers v5.12.1 modeling_qwen2_5_vl.py `rotate_half`
 */
export function rotaryEmbedding(x: Tensor4D, cos: Tensor3D, sin: Tensor3D): Tensor4D {
  if (!hasKernel("RotaryEmbedding")) return compositeRotaryEmbedding(x, cos, sin);
  return runKernel<Tensor4D>("RotaryEmbedding", { x, cos, sin }, { direction: 1 });
}

/** `rotaryEmbedding` from tfjs ops. */
export function compositeRotaryEmbedding(x_BTNH: Tensor4D, cos: Tensor3D, sin: Tensor3D): Tensor4D {
  const [B, T, N, H] = x_BTNH.shape;
  return tidy(() => {
    const half: [number, number, number, number] = [B, T, N, H / 2];
    const first = slice(x_BTNH, [0, 0, 0, 0], half);
    const second = slice(x_BTNH, [0, 0, 0, H / 2], half);
    const cos_BT1h = expandDims(cos, 2);
    const sin_BT1h = expandDims(sin, 2);
    return concat(
      [
        sub(mul(first, cos_BT1h), mul(second, sin_BT1h)) as Tensor4D,
        add(mul(second, cos_BT1h), mul(first, sin_BT1h)) as Tensor4D,
      ],
      3,
    );
  });
}
