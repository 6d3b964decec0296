import type { Scalar, Tensor, Variable } from "@tensorflow/tfjs-core";
import { gradients } from "./tape.ts";

/**
 * Value and d value / d parameter of a scalar function.
 *
 * @param f - The loss; it reads the parameters by closure.
 * @param params - Parameters by name. One that `f` does not touch has no key in `grads`.
 * @returns `value` and `grads`, owned by the caller.
 * @throws {RangeError} If `f` does not return a scalar, or is itself being differentiated.
 */
export function valueAndGrads(
  f: () => Scalar,
  params: Record<string, Variable>,
): { value: Scalar; grads: Record<string, Tensor> } {
  const names = Object.keys(params);
  const loss = () => {
    const value = f();
    if (value.rank !== 0) throw new RangeError(`valueAndGrads: f must return a scalar, got shape [${value.shape}]`);
    return [value] as [Scalar];
  };
  const {
    values: [value],
    grads,
  } = gradients(loss, Object.values(params));
  const found = names.flatMap((name, i) => (grads[i] ? [[name, grads[i]] as const] : []));
  return { value, grads: Object.fromEntries(found) };
}
