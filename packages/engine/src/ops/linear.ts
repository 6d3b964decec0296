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
  gradFunc: (dys, saved) => {
    const dy = dys as Tensor;
    const [x, weight] = saved as [Tensor, Tensor2D];
    const hasGradients = hasKernel("LinearGradInput");
    return {
      x: () =>
        hasGradients
          ? runKernel<Tensor>("LinearGradInput", { dy, weight })
          : reshape(matMul(rowsOf(dy), weight), x.shape),
      weight: () =>
        hasGradients ? runKernel<Tensor>("LinearGradWeight", { dy, x }) : matMul(rowsOf(dy), rowsOf(x), true, false),
      bias: () => sum(rowsOf(dy), 0),
    };
  },
};

const rowsOf = (x: Tensor): Tensor2D =>
  x.rank === 2 ? (x as Tensor2D) : reshape(x, [x.size / x.shape.at(-1)!, x.shape.at(-1)!]);
