import type { NamedAttrMap, Tensor } from "@tensorflow/tfjs-core";
import { runKernel } from "../fused.ts";

/** y of a kernel of attention, which also gives the log-sum-exp of the scores where its gradient takes that. */
export function flashAttended<Result extends Tensor>(
  name: string,
  inputs: readonly Tensor[],
  attrs: NamedAttrMap,
): Result {
  const [y, lse] = [runKernel<Result | [Result, Tensor]>(name, inputs, attrs)].flat() as [Result, Tensor?];
  lse?.dispose(); // a tape has its own
  return y;
}
