// Gradients of whole functions: recomputation, untouched parameters, data, failures.
import {
  dispose,
  exp,
  memory,
  mul,
  profile,
  randomUniform,
  type Scalar,
  square,
  sum,
  type Tensor,
  type Tensor2D,
  tensor1d,
  tensor2d,
  tidy,
  variable,
} from "@tensorflow/tfjs-core";
import { checkpoint } from "../checkpoint.ts";
import { valueAndGrads } from "../gradients.ts";
import { linear } from "../ops/linear.ts";
import { swiglu } from "../ops/swiglu.ts";
import { tokenLogps } from "../ops/token-logps.ts";
import { type Check, close, noise } from "./check.ts";
import * as reference from "./references.ts";
import type { StateCase } from "./state-case.ts";

function entropyIsData(check: Check): void {
  const ids = [1, 0, 4];
  const [hidden, weight] = [noise(1, 12), noise(2, 20)];
  const parameter = tidy(() => variable(tensor2d(hidden, [3, 4])));
  const run = () =>
    tokenLogps(parameter as Tensor2D, tensor2d(weight, [5, 4]), tensor1d(ids, "int32"), { chunkSize: 2 });
  const expected = reference.tokenLogps(Float64Array.from(hidden), Float64Array.from(weight), ids, 1);
  const entropy = tidy(() => run().entropy);
  close(check, "entropy", entropy.dataSync(), expected.entropy);
  const { value, grads } = valueAndGrads(() => sum(run().entropy) as Scalar, { parameter });
  close(check, "gradient through entropy", grads.parameter?.dataSync() ?? new Float32Array(12), new Float32Array(12));
  dispose([entropy, value, parameter, ...Object.values(grads)]);
}

function checkpointEqualsPlain(check: Check): void {
  const inputs = [noise(1, 6), noise(2, 6)].map((x) => tidy(() => variable(tensor2d(x, [2, 3]))));
  const inner = ([a, b]: Tensor[]) => [exp(mul(a!, b!))];
  const segment = ([a, b]: Tensor[]) => [square(checkpoint(inner, [a!, b!])[0]!), mul(a!, 3), b!];
  const plainSegment = ([a, b]: Tensor[]) => [square(inner([a!, b!])[0]!), mul(a!, 3), b!];
  const objective = (outputs: Tensor[]) => sum(mul(mul(outputs[0]!, outputs[1]!), outputs[2]!)) as Scalar;
  const named = { a: inputs[0]!, b: inputs[1]! };
  const plain = valueAndGrads(() => objective(plainSegment(inputs)), named);
  const recomputed = valueAndGrads(() => objective(checkpoint(segment, inputs)), named);
  check.equal(recomputed.value.dataSync(), plain.value.dataSync());
  check.equal(recomputed.grads.a!.dataSync(), plain.grads.a!.dataSync());
  check.equal(recomputed.grads.b!.dataSync(), plain.grads.b!.dataSync());
  dispose([
    plain.value,
    recomputed.value,
    ...Object.values(plain.grads),
    ...Object.values(recomputed.grads),
    ...inputs,
  ]);
}

/** Eight blocks of 33 intermediates each: without recomputation the tape holds all of them. */
async function checkpointLowersThePeak(check: Check): Promise<void> {
  const weight = tidy(() => variable(randomUniform([64, 64], -0.1, 0.1)));
  const x = randomUniform([64, 64]);
  const block = ([h, w]: Tensor[]) => {
    let y = h!;
    for (let i = 0; i < 16; i++) y = swiglu(linear(y, w as Tensor2D), y);
    return [y];
  };
  const peakOf = async (run: (inputs: Tensor[]) => Tensor[]) => {
    const { peakBytes } = await profile(() =>
      tidy(() => {
        const loss = () => {
          let h: Tensor = x;
          for (let i = 0; i < 8; i++) h = run([h, weight])[0]!;
          return sum(h) as Scalar;
        };
        return valueAndGrads(loss, { weight }).value;
      }),
    );
    return peakBytes;
  };
  const plain = await peakOf(block);
  const recomputed = await peakOf((inputs) => checkpoint(block, inputs));
  check.equal(recomputed < plain / 3 ? "lower" : `${recomputed} bytes against ${plain}`, "lower");
  dispose([weight, x]);
}

function untouchedParametersHaveNoGradient(check: Check): void {
  const [a, b] = [variable(tensor1d([2])), variable(tensor1d([3]))];
  const { value, grads } = valueAndGrads(() => sum(square(a)) as Scalar, { a, b });
  check.equal(Object.keys(grads), ["a"]);
  check.equal([...grads.a!.dataSync()], [4]);
  dispose([value, a, b, ...Object.values(grads)]);
}

function aFailingLossLeavesNothing(check: Check): void {
  const v = variable(tensor1d([2]));
  const before = memory().numTensors;
  const failing = () => {
    exp(square(v));
    throw new Error("loss failed");
  };
  let message = "";
  try {
    valueAndGrads(failing, { v });
  } catch (error) {
    message = (error as Error).message;
  }
  check.equal(message, "loss failed");
  check.equal(memory().numTensors, before);
  const { value, grads } = valueAndGrads(() => sum(square(v)) as Scalar, { v });
  check.equal([...grads.v!.dataSync()], [4]);
  dispose([v, value, ...Object.values(grads)]);
}

export const gradientCases: readonly StateCase[] = [
  { name: "tokenLogps: entropy is right, and data", run: entropyIsData },
  {
    name: "checkpoint: value and gradients are bit for bit those of the plain run, nested too",
    run: checkpointEqualsPlain,
  },
  { name: "checkpoint: peak memory is less than a third", run: checkpointLowersThePeak },
  { name: "valueAndGrads: an untouched parameter has no key", run: untouchedParametersHaveNoGradient },
  { name: "valueAndGrads: a loss that throws leaves no tensor behind", run: aFailingLossLeavesNothing },
];
