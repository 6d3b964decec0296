import {
  add,
  mean,
  memory,
  neg,
  type Scalar,
  type Tensor1D,
  type Tensor2D,
  tensor,
  tidy,
  variable,
  zerosLike,
} from "@tensorflow/tfjs-core";
import {
  adamwUpdate,
  globalNorm,
  initEngine,
  linear,
  rmsNorm,
  swiglu,
  tokenLogps,
  valueAndGrads,
} from "@videor1/engine";
import { expect, test } from "vitest";
import { torch, whyNot } from "../test/torch.ts";

const noise = (count: number, seed: number) =>
  Float32Array.from({ length: count }, (_, i) => Math.sin(seed * 100 + i * 1.7) / 2);

test.skipIf(!torch)(`1,000 training steps lower the loss and need no more memory than the tenth${whyNot}`, async () => {
  await initEngine({ backend: "torch" });
  const shapes = { norm: [16], gate: [32, 16], up: [32, 16], down: [16, 32], head: [11, 16] };
  const parameters = Object.fromEntries(
    Object.entries(shapes).map(([name, shape], i) => {
      const size = shape.reduce((product, length) => product * length, 1);
      return [name, tidy(() => variable(tensor(noise(size, i), shape)))];
    }),
  );
  const zeros = () =>
    Object.fromEntries(Object.entries(parameters).map(([name, p]) => [name, tidy(() => variable(zerosLike(p)))]));
  const [m, v] = [zeros(), zeros()];
  const x = tensor(noise(24 * 16, 9), [24, 16]);
  const ids = tensor(
    Array.from({ length: 24 }, (_, t) => (t * 5) % 11),
    [24],
    "int32",
  ) as Tensor1D;
  const of = (name: string) => parameters[name] as unknown as Tensor2D;
  const loss = () => {
    const h = rmsNorm(x, of("norm") as unknown as Tensor1D, 1e-6);
    const y = linear(swiglu(linear(h, of("gate")), linear(h, of("up"))), of("down"));
    return neg(mean<Scalar>(tokenLogps(add(x, y) as Tensor2D, of("head"), ids).logps));
  };
  const step = (n: number) => {
    const { value, grads } = valueAndGrads(loss, parameters);
    globalNorm(Object.values(grads)).dispose();
    for (const [name, parameter] of Object.entries(parameters)) {
      const settings = { learningRate: 1e-3, beta1: 0.9, beta2: 0.999, eps: 1e-8, weightDecay: 0.01, step: n };
      adamwUpdate(parameter, grads[name]!, m[name]!, v[name]!, settings);
      grads[name]!.dispose();
    }
    const [result] = value.dataSync();
    value.dispose();
    return result!;
  };
  const first = step(1);
  for (let n = 2; n <= 10; n++) step(n);
  const [tensors, residentBytes] = [{ ...memory() }, process.memoryUsage().rss];
  for (let n = 11; n < 1000; n++) step(n);
  expect(step(1000)).toBeLessThan(0.5 * first);
  expect(memory()).toEqual(tensors);
  expect(process.memoryUsage().rss - residentBytes).toBeLessThan(100e6); // JavaScript's heap breathes
});
