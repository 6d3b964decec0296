import {
  add,
  customGrad,
  exp,
  memory,
  mul,
  type Scalar,
  square,
  sum,
  type Tensor,
  tensor1d,
  topk,
  variable,
} from "@tensorflow/tfjs-core";
import { describe, expect, test } from "vitest";
import { initEngine } from "./backend.ts";
import { valueAndGrads } from "./gradients.ts";

await initEngine({ backend: "wasm" });

const w = variable(tensor1d([2, 3]));
const gradOf = (f: () => Tensor) => {
  const { grads } = valueAndGrads(() => sum(f()) as Scalar, { w });
  return [...grads.w!.dataSync()];
};

describe("a gradient function may return", () => {
  test("dy itself: w * w, one of them passed on", () => {
    const passOn = customGrad((x) => ({ value: (x as Tensor).clone(), gradFunc: (dy) => dy }));
    expect(gradOf(() => mul(w, passOn(w)))).toEqual([4, 6]);
  });

  test("one tensor for two inputs: w (w + w)", () => {
    const sumOf = customGrad((a, b) => ({
      value: add(a as Tensor, b as Tensor),
      gradFunc: (dy) => {
        const both = mul(dy, 1);
        return [both, both];
      },
    }));
    expect(gradOf(() => mul(w, sumOf(w, w)))).toEqual([8, 12]);
  });
});

test("an input used three times gets the sum of three gradients", () => {
  expect(gradOf(() => mul(mul(w, w), w))).toEqual([12, 27]);
});

test("gradients are given away as soon as they are complete, the same as those that are returned", () => {
  const xs = { first: variable(tensor1d([2, 3])), twice: variable(tensor1d([5, 7])), last: variable(tensor1d([1, 2])) };
  const idle = variable(tensor1d([1]));
  const f = () => sum(mul(mul(mul(xs.first, xs.twice), xs.last), xs.twice)) as Scalar;
  const { grads } = valueAndGrads(f, { ...xs, idle });
  const given: string[] = [];
  const before = memory().numTensors;
  const { value, grads: left } = valueAndGrads(f, { ...xs, idle }, (name, gradient) => {
    given.push(name);
    expect([...gradient.dataSync()], name).toEqual([...grads[name]!.dataSync()]);
    gradient.dispose();
  });
  expect(given).toEqual(["last", "first", "twice"]); // `twice` is complete only with the product that was made first
  expect(left).toEqual({});
  value.dispose();
  expect(memory().numTensors).toBe(before);
});

test("a gradient that is not taken ends the pass, and leaves nothing but what was taken", () => {
  const before = memory().numTensors;
  const fail = () => {
    throw new Error("no room");
  };
  expect(() => valueAndGrads(() => sum(square(w)) as Scalar, { w }, fail)).toThrow("no room");
  expect(memory().numTensors).toBe(before + 1); // the gradient that `take` was given
});

test("every tensor is freed after its last use, as the backward pass goes on", () => {
  const counts: number[] = [];
  const probe = customGrad((x) => ({
    value: (x as Tensor).clone(),
    gradFunc: (dy) => {
      counts.push(memory().numDataBuffers);
      return dy;
    },
  }));
  const chain = () => {
    let y: Tensor = probe(w);
    for (let i = 0; i < 20; i++) y = exp(mul(y, 0.1));
    return sum(probe(y)) as Scalar;
  };
  const { value, grads } = valueAndGrads(chain, { w });
  const [atItsStart, atItsEnd] = counts as [number, number];
  expect(atItsStart - atItsEnd).toBeGreaterThanOrEqual(20); // tfjs' own `grads` ends with 40 more than it starts with
  for (const tensor of [value, grads.w!]) tensor.dispose();
});

describe("errors", () => {
  const leavesNothing = (run: () => unknown, error: object) => {
    const before = memory().numTensors;
    expect(run).toThrow(expect.objectContaining(error));
    expect(memory().numTensors).toBe(before);
  };

  test("gradients of gradients", () => {
    const inner = () => sum(valueAndGrads(() => sum(square(w)) as Scalar, { w }).grads.w!) as Scalar;
    leavesNothing(() => valueAndGrads(inner, { w }), {
      name: "RangeError",
      message: expect.stringContaining("gradients of"),
    });
  });

  test("a kernel without a gradient", () => {
    const run = () => valueAndGrads(() => sum(topk(w, 1).values) as Scalar, { w });
    leavesNothing(run, { name: "EngineError", code: "NO_GRADIENT", details: { kernel: "TopK" } });
  });

  test("a gradient of the wrong shape", () => {
    const wrong = customGrad((x) => ({ value: (x as Tensor).clone(), gradFunc: () => tensor1d([1]) }));
    leavesNothing(() => valueAndGrads(() => sum(wrong(w)) as Scalar, { w }), {
      message: expect.stringContaining("shape [1]"),
    });
  });
});
