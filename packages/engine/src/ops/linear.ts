import { add, matMul, reshape, type Tensor, type Tensor1D, type Tensor2D, tidy } from "@tensorflow/tfjs-core";

/**
 * y = x W^T + b.
 *
 * @param x - [..., in].
 * @param weight - [out, in], as in checkpoints.
 * @param bias - [out].
 * @returns [..., out].
 * @throws {RangeError} If x's last dimension is not `in`.
 */
export function linear(x: Tensor, weight: Tensor2D, bias?: Tensor1D): Tensor {
  const [outSize, inSize] = weight.shape;
  if (x.shape.at(-1) !== inSize) {
    throw new RangeError(`linear: x [${x.shape}] must end in ${inSize}, the columns of weight [${weight.shape}]`);
  }
  return tidy(() => {
    const y = matMul(reshape(x, [-1, inSize]), weight, false, true);
    return reshape(bias ? add(y, bias) : y, [...x.shape.slice(0, -1), outSize]);
  });
}
