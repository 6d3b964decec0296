// Calls that must fail, and their errors.
import {
  dispose,
  mul,
  type Scalar,
  type Tensor1D,
  type Tensor4D,
  tensor1d,
  tidy,
  variable,
  zeros,
} from "@tensorflow/tfjs-core";
import { valueAndGrads } from "../gradients.ts";
import { adamwUpdate } from "../ops/adamw-update.ts";
import { attention } from "../ops/attention.ts";
import { cacheWrite } from "../ops/cache-write.ts";
import { linear } from "../ops/linear.ts";
import { tokenLogps } from "../ops/token-logps.ts";
import type { Check } from "./check.ts";
import type { StateCase } from "./state-case.ts";

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

export const errorCases: readonly StateCase[] = [
  { name: "errors: RangeError for shapes that do not fit", run: misfitsThrow },
];
