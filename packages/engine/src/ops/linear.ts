import {
  add,
  type GradConfig,
  matMul,
  type NamedTensorMap,
  reshape,
  sum,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  tidy,
} from "@tensorflow/tfjs-core";
import { hasKernel, runKernel } from "../fused.ts";

/**
 * y = x W^T + b.
 *
 * @param x - [..., in].
 * @param weight - [out, in], as in checkpoints.
 * @param bias - [out].
 * @returns [..., out].
 * @throws {RangeError} If x's last dimension is not `in`, or bias is not [out].
 */
export function linear(x: Tensor, weight: Tensor2D, bias?: Tensor1D): Tensor {
  const [outSize, inSize] = weight.shape;
  if (x.shape.at(-1) !== inSize || (bias && bias.size !== outSize)) {
    throw new RangeError(
      `linear: x [..., in], weight [out, in], bias [out] do not fit: [${x.shape}], [${weight.shape}], [${bias?.shape ?? "none"}]`,
    );
  }
  if (!hasKernel("Linear")) return compositeLinear(x, weight, bias);
  const inputs: NamedTensorMap = bias ? { x, weight, bias } : { x, weight };
  return runKernel<Tensor>("Linear", inputs);
}

/** `linear` from tfjs ops. */
export function compositeLinear(x: Tensor, weight: Tensor2D, bias?: Tensor1D): Tensor {
  return tidy(() => {
    const y = matMul(rowsOf(x), weight, false, true);
    return reshape(bias ? add(y, bias) : y, [...x.shape.slice(0, -1), weight.shape[0]]);
  });
}

export const linearGradient: GradConfig = {
  kernelName: "Linear",
  inputsToSave: ["x", "weight"],
  gradFunc: (dy, saved) => {
    const [x, weight] = saved as [Tensor, Tensor2D];
    const dyRows = rowsOf(dy as Tensor);
    return {
      x: () => reshape(matMul(dyRows, weight), x.shape),
      weight: () => matMul(dyRows, rowsOf(x), true, false),
      bias: () => sum(dyRows, 0),
    };
  },
};

const rowsOf = (x: Tensor): Tensor2D => reshape(x, [x.size / x.shape.at(-1)!, x.shape.at(-1)!]);
