import { grads, mul, slice, type Tensor2D, tensor1d, tensor2d } from "@tensorflow/tfjs-core";
import { initEngine } from "@videor1/engine";
import { beforeAll, describe, expect, test } from "vitest";
import { base, evaluate, expectAllClose, logps, lossOptions as options } from "../test/evaluate-loss.ts";
import golden from "../test/golden/grpo-loss.json" with { type: "json" };
import { grpoLoss, type LossInputs, perTokenKl } from "./loss.ts";

beforeAll(async () => {
  await initEngine({ backend: "wasm" });
});

describe(`matches ${golden.source.repo}@${golden.source.commit}`, () => {
  test.each(golden.cases)("$id, beta $beta", (c) => {
    const inputs: LossInputs = {
      logps: tensor2d(c.logps),
      refLogps: tensor2d(c.ref_logps),
      completionMask: tensor2d(c.completion_mask),
      advantages: tensor1d(c.advantages),
    };
    expectAllClose(perTokenKl(inputs.logps, inputs.refLogps!, 10).dataSync(), c.per_token_kl.flat(), golden.tolerance);
    const { loss, kl, gradient } = evaluate(inputs, { ...options, beta: c.beta });
    expectAllClose([loss, kl!], [c.loss, c.mean_kl], golden.tolerance);
    expectAllClose(gradient, c.grad_logps.flat(), golden.tolerance);
  });
});

describe("the gradient of the ratio", () => {
  const expected = [-1 / 3, -1 / 3, -1 / 3, 0.5, 0, 0]; // -A / (R * tokens of the row)

  test("is -A at ratio 1, though the value is constant", () => {
    const { loss, gradient } = evaluate(base(), { ...options, beta: 0 });
    expect(loss).toBeCloseTo(-(2 - 1) / 2, 6);
    expectAllClose(gradient, expected, 1e-6);
  });

  test.each<[string, (logps: Tensor2D) => Tensor2D]>([
    ["the tensor itself", (x) => x],
    ["its clone, which tfjs differentiates", (x) => x.clone()],
  ])("is the same where oldLogps is %s", (_, old) => {
    const [gradient] = grads((x) => {
      const current = x as Tensor2D;
      return grpoLoss({ ...base(), logps: current, oldLogps: old(current) }, { ...options, beta: 0 }).loss;
    })([logps()]);
    expectAllClose(gradient!.dataSync(), expected, 1e-6);
  });

  test("does not enter a reference computed from logps", () => {
    const [gradient] = grads((x) => {
      const current = x as Tensor2D;
      return grpoLoss({ ...base(), logps: current, refLogps: mul<Tensor2D>(current, 2) }, { ...options, beta: 0.5 })
        .loss;
    })([logps()]);
    // d kl / d logp = 1 - exp(ref - logp), with ref - logp = logp
    const kl = [-1, -2, -0.5].map((x) => (0.5 * (1 - Math.exp(x))) / 6);
    expectAllClose(
      gradient!.dataSync().slice(0, 3),
      kl.map((x) => x - 1 / 3),
      1e-6,
    );
  });
});

describe("reductions", () => {
  // per token: -A = [-2 -2 -2], [1]
  test.each([
    ["sequence", (-2 + 1) / 2],
    ["token", (-6 + 1) / 4],
    ["constant", (-6 + 1) / (2 * 8)],
  ] as const)("%s", (reduction, expected) => {
    expect(evaluate(base(), { ...options, beta: 0, reduction }).loss).toBeCloseTo(expected, 6);
  });

  test.each(["sequence", "token", "constant"] as const)("%s: parts add up to the whole", (reduction) => {
    const opts = { ...options, reduction, epsilonLow: 0.2 };
    const inputs: LossInputs = {
      ...base(),
      refLogps: tensor2d([
        [-1.5, -1, -2],
        [-0.1, 0, 0],
      ]),
      oldLogps: tensor2d([
        [-1, -3, -0.4],
        [-3, 0, 0],
      ]),
    };
    const row = (x: Tensor2D, i: number) => slice(x, [i, 0], [1, 3]);
    const parts = [0, 1].map((i) =>
      evaluate(
        {
          logps: row(inputs.logps, i),
          oldLogps: row(inputs.oldLogps!, i),
          refLogps: row(inputs.refLogps!, i),
          completionMask: row(inputs.completionMask, i),
          advantages: slice(inputs.advantages, [i], [1]),
          batch: { rows: 2, tokens: 4 },
        },
        opts,
      ),
    );
    const whole = evaluate(inputs, opts);
    for (const key of ["loss", "kl", "clipFraction"] as const)
      expect(parts[0]![key]! + parts[1]![key]!).toBeCloseTo(whole[key]!, 6);
    expectAllClose([...parts[0]!.gradient, ...parts[1]!.gradient], [...whole.gradient], 1e-6);
  });
});

test("beta 0 still measures the KL, without a gradient", () => {
  const refLogps = tensor2d([
    [-2, -2, -2],
    [-2, 0, 0],
  ]);
  const free = evaluate(base(), { ...options, beta: 0 });
  const measured = evaluate({ ...base(), refLogps }, { ...options, beta: 0 });
  expect(measured.kl).toBeGreaterThan(0);
  expect(free.kl).toBeUndefined();
  expect([measured.loss, ...measured.gradient]).toEqual([free.loss, ...free.gradient]);
});

test("the KL has no gradient where the clamp holds", () => {
  const [gradient] = grads((x) => perTokenKl(x as Tensor2D, tensor2d([[-20, 20, -1]]), 10))([tensor2d([[0, 0, 0]])]);
  expectAllClose(gradient!.dataSync(), [0, 0, 1 - Math.exp(-1)], 1e-6);
});

test("a row without tokens counts as 0", () => {
  const { loss, gradient } = evaluate(
    {
      ...base(),
      completionMask: tensor2d([
        [1, 1, 1],
        [0, 0, 0],
      ]),
    },
    { ...options, beta: 0 },
  );
  expect(loss).toBeCloseTo(-1, 6);
  expectAllClose(gradient, [-1 / 3, -1 / 3, -1 / 3, 0, 0, 0], 1e-6);
});
