import { addN, type Scalar, scalar, sqrt, square, sum, type Tensor, tidy } from "@tensorflow/tfjs-core";
import { hasKernel, runKernel } from "../fused.ts";
import { hasSquareSums, rootOfSquares, sumOfSquares } from "./sum-of-squares.ts";

/**
 * sqrt of the sum of squares of all elements of all tensors: the L2 norm of the gradient. No gradient.
 *
 * @throws {RangeError} If there is no tensor.
 * @see torch.nn.utils.get_total_norm
 */
export function globalNorm(tensors: readonly Tensor[]): Scalar {
  if (tensors.length === 0) throw new RangeError("globalNorm: needs at least one tensor, got none");
  if (hasSquareSums()) return scalar(rootOfSquares(sumOfSquares(tensors)));
  return hasKernel("GlobalNorm") ? runKernel<Scalar>("GlobalNorm", tensors) : compositeGlobalNorm(tensors);
}

/** `globalNorm` from tfjs ops, in float32. */
export function compositeGlobalNorm(tensors: readonly Tensor[]): Scalar {
  return tidy(() => sqrt(addN(tensors.map((x) => sum<Scalar>(square(x))))));
}
