import { memory, tensor } from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { useEngine } from "../test/engine.ts";
import { clipByGlobalNorm, NonFiniteGradientError } from "./clip.ts";

useEngine();

const values = fc.array(fc.float({ min: -100, max: 100, noNaN: true }), { minLength: 1, maxLength: 20 });

test("equals torch's formula, and the result has at most the norm asked for", () => {
  fc.assert(
    fc.property(values, values, fc.double({ min: 0.01, max: 300, noNaN: true }), (a, b, maxNorm) => {
      const { grads, norm } = clipByGlobalNorm({ a: tensor(a), b: tensor(b) }, maxNorm);
      const all = [...a, ...b];
      const expectedNorm = Math.sqrt(all.reduce((sum, x) => sum + x * x, 0));
      expect(Math.abs(norm - expectedNorm)).toBeLessThanOrEqual(1e-5 * Math.max(1, expectedNorm));
      const coefficient = Math.min(1, maxNorm / (expectedNorm + 1e-6));
      const clipped = [...grads.a!.dataSync(), ...grads.b!.dataSync()];
      for (const [i, x] of all.entries())
        expect(Math.abs(clipped[i]! - x * coefficient)).toBeLessThanOrEqual(2e-5 * Math.max(1, Math.abs(x)));
      expect(Math.sqrt(clipped.reduce((sum, x) => sum + x * x, 0))).toBeLessThanOrEqual(maxNorm * (1 + 1e-5));
      for (const gradient of Object.values(grads)) gradient.dispose();
    }),
  );
});

test("a small norm leaves the gradients bit for bit, infinity only measures", () => {
  const data = [0.1, -0.2, 1e-8];
  for (const maxNorm of [1, Number.POSITIVE_INFINITY])
    expect(clipByGlobalNorm({ a: tensor(data) }, maxNorm).grads.a!.dataSync()).toEqual(Float32Array.from(data));
});

test("no gradients have norm 0", () => {
  expect(clipByGlobalNorm({}, 1)).toEqual({ grads: {}, norm: 0 });
});

test.each([Number.NaN, Number.POSITIVE_INFINITY])("%s is reported with the parameter that holds it", (value) => {
  const before = memory().numTensors;
  const clip = () => clipByGlobalNorm({ fine: tensor([1]), broken: tensor([1, value]) }, 1);
  expect(clip).toThrow(NonFiniteGradientError);
  expect(clip).toThrow(
    expect.objectContaining({ code: "NON_FINITE_GRADIENT", parameters: ["broken"], hint: expect.any(String) }),
  );
  expect(memory().numTensors).toBe(before);
});

test("consumes its input and leaves only its result", () => {
  const before = memory().numTensors;
  const { grads } = clipByGlobalNorm({ a: tensor([3, 4]), b: tensor([0]) }, 1);
  expect(memory().numTensors).toBe(before + 2);
  for (const gradient of Object.values(grads)) gradient.dispose();
});
