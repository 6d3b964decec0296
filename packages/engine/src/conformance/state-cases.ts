// Ops that write in place, recomputation, and what must fail.
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
  type Tensor1D,
  type Tensor2D,
  type Tensor4D,
  tensor1d,
  tensor2d,
  tensor4d,
  tidy,
  variable,
  zeros,
} from "@tensorflow/tfjs-core";
import { checkpoint } from "../checkpoint.ts";
import { valueAndGrads } from "../gradients.ts";
import { adamwUpdate } from "../ops/adamw-update.ts";
import { attention } from "../ops/attention.ts";
import { cacheWrite } from "../ops/cache-write.ts";
import { linear } from "../ops/linear.ts";
import { swiglu } from "../ops/swiglu.ts";
import { tokenLogps } from "../ops/token-logps.ts";
import { type Check, close, noise } from "./check.ts";
import * as reference from "./references.ts";

export interface StateCase {
  name: string;
  run(check: Check): void | Promise<void>;
}

function adamwFollowsTheFormula(check: Check): void {
  const options = { learningRate: 0.1, beta1: 0.9, beta2: 0.99, eps: 1e-8, weightDecay: 0.05 };
  const [p, m, v] = [noise(1, 7), new Float32Array(7), new Float32Array(7)].map((x) => Float64Array.from(x)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  const [param, first, second] = [p, m, v].map((x) =>
    tidy(() => variable(tensor1d(Float32Array.from(x)))),
  ) as never as [ReturnType<typeof variable>, ReturnType<typeof variable>, ReturnType<typeof variable>];
  const snapshot = param.clone();
  const initial = Float32Array.from(p);
  for (const step of [1, 2, 3]) {
    const g = noise(10 + step, 7);
    for (const [i, gi] of g.entries()) {
      m[i] = options.beta1 * m[i]! + (1 - options.beta1) * gi;
      v[i] = options.beta2 * v[i]! + (1 - options.beta2) * gi ** 2;
      const denominator = Math.sqrt(v[i]! / (1 - options.beta2 ** step)) + options.eps;
      p[i] = p[i]! * (1 - options.learningRate * options.weightDecay);
      p[i]! -= ((options.learningRate / (1 - options.beta1 ** step)) * m[i]!) / denominator;
    }
    const grad = tensor1d(g);
    adamwUpdate(param, grad, first, second, { ...options, step });
    grad.dispose();
  }
  close(check, "param", param.dataSync(), p);
  close(check, "m", first.dataSync(), m);
  close(check, "v", second.dataSync(), v);
  close(check, "a clone taken before", snapshot.dataSync(), initial);
  dispose([param, first, second, snapshot]);
}

function cacheWriteTouchesOnlyItsColumns(check: Check): void {
  const cache = tidy(() => variable(zeros([2, 4, 1, 3])));
  const snapshot = cache.clone();
  const x = tensor4d(noise(1, 12), [2, 2, 1, 3]);
  cacheWrite(cache, x, 1);
  const written = x.dataSync();
  const expected = reference.fill(24, (i) => {
    const [row, column, h] = [Math.floor(i / 12), Math.floor(i / 3) % 4, i % 3];
    return column === 1 || column === 2 ? written[row * 6 + (column - 1) * 3 + h]! : 0;
  });
  close(check, "cache", cache.dataSync(), expected);
  close(check, "a clone taken before", snapshot.dataSync(), new Float32Array(24));
  dispose([cache, x, snapshot]);
}

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

function misfitsThrow(check: Check): void {
  const x = zeros([2, 3]);
  const four = (...shape: [number, number, number, number]) => zeros(shape) as Tensor4D;
  const v = variable(x);
  const attempts: (() => unknown)[] = [
    () => linear(x, zeros([2, 4])),
    () => attention(four(1, 2, 3, 4), four(1, 2, 2, 4), four(1, 2, 2, 4), { causal: true }),
    () => attention(four(1, 2, 2, 4), four(1, 2, 2, 4), four(1, 2, 2, 4), { causal: true, keyCount: 3 }),
    () => tokenLogps(zeros([2, 3]), zeros([5, 4]), tensor1d([0, 1], "int32") as Tensor1D),
    () =>
      adamwUpdate(v, zeros([3, 2]), v, v, { learningRate: 1, beta1: 0.9, beta2: 0.9, eps: 1, weightDecay: 0, step: 1 }),
    () => adamwUpdate(v, x, v, v, { learningRate: 1, beta1: 0.9, beta2: 0.9, eps: 1, weightDecay: 0, step: 0 }),
    () => cacheWrite(variable(four(1, 2, 1, 1)), four(1, 2, 1, 1), 1),
    () => valueAndGrads(() => mul(v, 2) as Scalar, { v }),
  ];
  for (const [i, attempt] of attempts.entries()) {
    let error: unknown;
    try {
      tidy(attempt as () => undefined);
    } catch (thrown) {
      error = thrown;
    }
    check.equal(
      `attempt ${i}: ${error instanceof RangeError ? "RangeError" : String(error)}`,
      `attempt ${i}: RangeError`,
    );
  }
  dispose([x, v]);
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

export const stateCases: readonly StateCase[] = [
  { name: "adamwUpdate follows the formula, in place, and spares clones", run: adamwFollowsTheFormula },
  { name: "cacheWrite touches only its columns, and spares clones", run: cacheWriteTouchesOnlyItsColumns },
  { name: "tokenLogps: entropy is right, and data", run: entropyIsData },
  {
    name: "checkpoint: value and gradients are bit for bit those of the plain run, nested too",
    run: checkpointEqualsPlain,
  },
  { name: "checkpoint: peak memory is less than a third", run: checkpointLowersThePeak },
  { name: "valueAndGrads: an untouched parameter has no key", run: untouchedParametersHaveNoGradient },
  { name: "valueAndGrads: a loss that throws leaves no tensor behind", run: aFailingLossLeavesNothing },
  { name: "errors: RangeError for shapes that do not fit", run: misfitsThrow },
];
