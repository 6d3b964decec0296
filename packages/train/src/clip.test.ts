import { memory, tensor } from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { useEngine } from "../test/engine.ts";
import { clipFactor, NonFiniteGradientError } from "./clip.ts";

useEngine();

const values = fc.array(fc.float({ min: -100, max: 100, noNaN: true }), { minLength: 1, maxLength: 20 });
const positive = fc.double({ min: 0.01, max: 300, noNaN: true });

test("equals torch's formula, of gradients times the scale, and leaves the gradients as they are", () => {
  const before = memory().numTensors;
  fc.assert(
    fc.property(values, values, positive, positive, (a, b, maxNorm, scale) => {
      const grads = { a: tensor(a), b: tensor(b) };
      const { factor, norm } = clipFactor(grads, maxNorm, scale);
      const expectedNorm = scale * Math.sqrt([...a, ...b].reduce((sum, x) => sum + x * x, 0));
      expect(Math.abs(norm - expectedNorm)).toBeLessThanOrEqual(1e-5 * Math.max(scale, expectedNorm));
      expect(Math.abs(factor / (scale * Math.min(1, maxNorm / (expectedNorm + 1e-6))) - 1)).toBeLessThan(2e-5);
      expect(norm * (factor / scale)).toBeLessThanOrEqual(maxNorm * (1 + 1e-5));
      expect(grads.a.dataSync()).toEqual(Float32Array.from(a));
      for (const gradient of Object.values(grads)) gradient.dispose();
    }),
  );
  expect(memory().numTensors).toBe(before);
});

test("a small norm has the factor 1 exactly, infinity only measures", () => {
  for (const maxNorm of [1, Number.POSITIVE_INFINITY])
    expect(clipFactor({ a: tensor([0.1, -0.2, 1e-8]) }, maxNorm).factor).toBe(1);
});

test("no gradients have norm 0", () => {
  expect(clipFactor({}, 1, 0.5)).toEqual({ factor: 0.5, norm: 0 });
});

test.each([Number.NaN, Number.POSITIVE_INFINITY])("%s is reported with the parameter that holds it", (value) => {
  const grads = { fine: tensor([1]), broken: tensor([1, value]) };
  const before = memory().numTensors;
  const clip = () => clipFactor(grads, 1);
  expect(clip).toThrow(NonFiniteGradientError);
  expect(clip).toThrow(
    expect.objectContaining({ code: "NON_FINITE_GRADIENT", parameters: ["broken"], hint: expect.any(String) }),
  );
  expect(memory().numTensors).toBe(before);
});
