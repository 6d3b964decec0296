import { add, type Tensor, type Variable } from "@tensorflow/tfjs-core";
import { hasKernel, runKernel, unshare } from "../fused.ts";

/**
 * total += x, in float32. `x` may be stored in bfloat16. No gradient.
 *
 * @throws {RangeError} If the shapes differ.
 */
export function addInPlace(total: Variable, x: Tensor): void {
  if (String(total.shape) !== String(x.shape))
    throw new RangeError(`addInPlace: total [${total.shape}] and x [${x.shape}] must have one shape`);
  if (hasKernel("AddInPlace")) {
    unshare(total);
    runKernel("AddInPlace", { total, x });
    return;
  }
  const sum = add(total, x);
  total.assign(sum);
  sum.dispose();
}
