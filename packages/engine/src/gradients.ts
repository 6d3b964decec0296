import type { Scalar, Tensor, Variable } from "@tensorflow/tfjs-core";
import { gradients } from "./tape.ts";

/**
 * Value and d value / d parameter of a scalar function.
 *
 * @param f - The loss; it reads the parameters by closure.
 * @param params - Parameters by name. One that `f` does not touch has no key in `grads`.
 * @param take - Takes each gradient over as soon as it is complete, so that not all have to be there at once; `grads` is then
 *   empty. Where the pass fails, some may have been taken.
 * @returns `value` and `grads`, owned by the caller.
 * @throws {RangeError} If `f` does not return a scalar, or is itself being differentiated.
 */
export function valueAndGrads(
  f: () => Scalar,
  params: Record<string, Variable>,
  take?: (name: string, gradient: Tensor) => void,
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
  } = gradients(loss, Object.values(params), undefined, take && ((index, gradient) => take(names[index]!, gradient)));
  const found = names.flatMap((name, i) => (grads[i] ? [[name, grads[i]] as const] : []));
  return { value, grads: Object.fromEntries(found) };
}
