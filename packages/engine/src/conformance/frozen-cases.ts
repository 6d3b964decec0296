// Weights that training leaves as they are: what is computed for their sake, and what is not.
import {
  dispose,
  exp,
  memory,
  mul,
  profile,
  type Scalar,
  sum,
  type Tensor,
  type Tensor2D,
  tensor1d,
  tensor2d,
  tidy,
  variable,
} from "@tensorflow/tfjs-core";
import { checkpoint } from "../checkpoint.ts";
import { hasKernel } from "../fused.ts";
import { valueAndGrads } from "../gradients.ts";
import { linear } from "../ops/linear.ts";
import { tokenLogps } from "../ops/token-logps.ts";
import { withoutTape } from "../tape.ts";
import { type Check, noise } from "./check.ts";
import type { StateCase } from "./state-case.ts";

/** The gradient of x, bit for bit, with a weight trained and frozen, and the outputs' shapes of the kernels that ran. */
async function bothWays(check: Check, loss: (x: Tensor2D, weight: Tensor2D) => Scalar, weightShape: [number, number]) {
  const x = tidy(() => variable(tensor2d(noise(1, 3 * weightShape[1]), [3, weightShape[1]])));
  const weight = tidy(() => variable(tensor2d(noise(2, weightShape[0] * weightShape[1]), weightShape)));
  const gradients: Float32Array[] = [];
  const shapes: string[][] = [];
  for (const trainable of [true, false]) {
    weight.trainable = trainable;
    const params = trainable ? { x, weight } : { x };
    const { kernels } = await profile(() => {
      const { value, grads } = valueAndGrads(() => loss(x as Tensor2D, weight as Tensor2D), params);
      gradients.push(grads.x!.dataSync<"float32">());
      dispose([value, ...Object.values(grads)]);
    });
    const computing = kernels.filter(({ name }) => name !== "Identity"); // which saves the inputs
    shapes.push(computing.flatMap(({ outputShapes }) => outputShapes.map(String)));
  }
  dispose([x, weight]);
  check.equal(gradients[1], gradients[0]);
  return shapes as [string[], string[]];
}

async function ofTokenLogps(check: Check): Promise<void> {
  const ids = [1, 0, 4];
  const loss = (x: Tensor2D, weight: Tensor2D) =>
    sum(tokenLogps(x, weight, tensor1d(ids, "int32"), { chunkSize: 2 }).logps) as Scalar;
  const [trained, frozen] = await bothWays(check, loss, [5, 4]);
  if (!hasKernel("TokenLogps")) return; // the form from tfjs ops computes it all the same
  check.equal([trained.includes("5,4"), frozen.includes("5,4")], [true, false]);
}

async function ofCheckpoint(check: Check): Promise<void> {
  const segment = ([x, weight]: Tensor[]) => [exp(linear(x!, weight as Tensor2D))];
  const loss = (x: Tensor2D, weight: Tensor2D) => sum(checkpoint(segment, [x, weight])[0]!) as Scalar;
  const [trained, frozen] = await bothWays(check, loss, [5, 4]);
  check.equal([trained.includes("5,4"), frozen.includes("5,4")], [true, false]);
}

function offTheTape(check: Check): void {
  const v = variable(tensor1d([2, 3]));
  let made = 0;
  const loss = () => {
    const before = memory().numTensors;
    const given = withoutTape(() => mul(exp(mul(v, 0)), 5));
    made = memory().numTensors - before;
    return sum(mul(v, given)) as Scalar;
  };
  const { value, grads } = valueAndGrads(loss, { v });
  check.equal([made, ...value.dataSync(), ...grads.v!.dataSync()], [1, 25, 5, 5]);
  dispose([v, value, ...Object.values(grads)]);
}

export const frozenCases: readonly StateCase[] = [
  { name: "tokenLogps: a frozen weight's gradient is not computed, that of hidden is the same", run: ofTokenLogps },
  { name: "checkpoint: a frozen input's gradient is not computed, the others are the same", run: ofCheckpoint },
  { name: "withoutTape: no gradient flows, and only the result stays", run: offTheTape },
];
