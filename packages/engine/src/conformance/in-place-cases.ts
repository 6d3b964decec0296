// Ops that write into their inputs.
import { dispose, tensor1d, tensor4d, tidy, variable, zeros } from "@tensorflow/tfjs-core";
import { adamwUpdate } from "../ops/adamw-update.ts";
import { cacheWrite } from "../ops/cache-write.ts";
import { type Check, close, noise } from "./check.ts";
import * as reference from "./references.ts";
import type { StateCase } from "./state-case.ts";

function adamwFollowsTheFormula(check: Check): void {
  const options = { learningRate: 0.1, beta1: 0.9, beta2: 0.99, eps: 1e-8, weightDecay: 0.05 };
  const initial = noise(1, 7);
  const [p, m, v] = [Float64Array.from(initial), new Float64Array(7), new Float64Array(7)] as const;
  const variableOf = (x: Float64Array) => tidy(() => variable(tensor1d(Float32Array.from(x))));
  const [param, first, second] = [variableOf(p), variableOf(m), variableOf(v)];
  const snapshot = param.clone();
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

export const inPlaceCases: readonly StateCase[] = [
  { name: "adamwUpdate follows the formula, in place, and spares clones", run: adamwFollowsTheFormula },
  { name: "cacheWrite touches only its columns, and spares clones", run: cacheWriteTouchesOnlyItsColumns },
];
