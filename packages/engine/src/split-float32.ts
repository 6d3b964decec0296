import { engine, type Tensor, type Variable } from "@tensorflow/tfjs-core";
import { EngineError } from "./errors.ts";
import { hasKernel, runKernel } from "./fused.ts";

/**
 * A float32 variable in two halves of 16 bits, which lose nothing: the bfloat16 that a model computes with, and what it lacks.
 * For a tie the bfloat16 is the one away from zero, where `toBfloat16` takes the even one: 65,537 float32 round to each even
 * bfloat16 by that rule, one more than 16 bits tell apart. The two rules differ for one float32 in 131,072.
 */
export interface SplitVariable {
  weight: Variable;
  /** The lower 16 bits of the float32, stored in as many; tfjs calls it int32. */
  remainder: Variable;
}

export type SplitTensor = { [Half in keyof SplitVariable]: Tensor };

/**
 * x as bfloat16 and the 16 bits that it lacks.
 *
 * @throws {EngineError} NO_BFLOAT16 if the backend stores no bfloat16.
 */
export function splitFloat32(x: Tensor): SplitTensor {
  if (!hasKernel("SplitFloat32")) throw noBfloat16("", `a tensor [${x.shape}]`);
  const [weight, remainder] = runKernel<Tensor[]>("SplitFloat32", [x]) as [Tensor, Tensor];
  return { weight, remainder };
}

/** The float32 that `splitFloat32` took apart, bit for bit. */
export const joinFloat32 = ({ weight, remainder }: SplitTensor): Tensor =>
  runKernel<Tensor>("JoinFloat32", [weight, remainder]);

export const noBfloat16 = (where: string, what: string) =>
  new EngineError("NO_BFLOAT16", {
    message: `${where}the backend "${engine().backendName}" cannot store ${what} in bfloat16`,
    hint: 'Choose the backend "torch", or dtype "float32".',
  });
