import { dispose, type Tensor, tensor, tidy, type Variable, variable, zeros } from "@tensorflow/tfjs-core";
import { adamwUpdate, initEngine, joinFloat32, type SplitVariable, splitFloat32, toBfloat16 } from "@videor1/engine";
import { afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { torch, whyNot } from "../test/torch.ts";

const size = 70_001; // tiles of 1,024, the last of them short
const steps = 6;
const settings = { learningRate: 1e-3, beta1: 0.9, beta2: 0.99, eps: 1e-8, weightDecay: 0.01 };
/** Of many sizes: 10^-6 to 10^2. */
const noise = (seed: number) =>
  Float32Array.from({ length: size }, (_, i) => Math.sin(seed * 100 + i * 1.7) * 10 ** (((i * 7 + seed) % 9) - 6));
const sameBits = (a: Float32Array, b: Float32Array) =>
  Buffer.from(a.buffer, a.byteOffset, a.byteLength).equals(Buffer.from(b.buffer, b.byteOffset, b.byteLength));
const make = (x: () => Tensor): Variable => tidy(() => variable(x(), false));
const valuesOf = (x: Tensor) => x.dataSync<"float32">().slice();

function splitVariable(values: Float32Array): SplitVariable {
  return tidy(() => {
    const { weight, remainder } = splitFloat32(tensor(values));
    return { weight: variable(weight), remainder: variable(remainder, false) };
  });
}

describe.skipIf(!torch).each(["the CPU's loops", "CUDA's ops, on the CPU"])(
  `AdamW of split weights by %s${whyNot}`,
  (form) => {
    beforeAll(async () => void (await initEngine({ backend: "torch" })));
    beforeEach(() => {
      if (form !== "the CPU's loops") process.env.VIDEOR1_TORCH_REHEARSE_CUDA = "1";
    });
    afterEach(() => {
      delete process.env.VIDEOR1_TORCH_REHEARSE_CUDA;
    });

    test.each([
      { stored: "float32", factor: 1 },
      { stored: "float32", factor: 0.37 },
      { stored: "bfloat16", factor: 1 },
      { stored: "bfloat16", factor: 0.37 },
    ])(
      "the float32 is that of a float32 weight, bit for bit: gradients in $stored, times $factor",
      ({ stored, factor }) => {
        const start = noise(1);
        const split = splitVariable(start);
        const whole = make(() => tensor(start));
        const moments = Array.from({ length: 4 }, () => make(() => zeros([size])));
        const [m, v, splitM, splitV] = moments as [Variable, Variable, Variable, Variable];
        const places = [split.weight.dataId, split.remainder.dataId];
        let rounded = 0;
        for (let step = 1; step <= steps; step++) {
          const grad = tidy(() =>
            stored === "float32" ? tensor(noise(step + 1)) : toBfloat16(tensor(noise(step + 1))),
          );
          adamwUpdate(whole, grad, m, v, { ...settings, step, factor });
          adamwUpdate(split, grad, splitM, splitV, { ...settings, step, factor });
          grad.dispose();
          const [expected, found] = [valuesOf(whole), tidy(() => valuesOf(joinFloat32(split)))];
          expect(sameBits(found, expected), `master weights after step ${step}`).toBe(true);
          const even = tidy(() => valuesOf(toBfloat16(whole)));
          rounded += valuesOf(split.weight).filter((weight, i) => weight !== even[i]).length;
        }
        for (const [own, other] of [
          [splitM, m],
          [splitV, v],
        ] as const)
          expect(sameBits(valuesOf(own), valuesOf(other))).toBe(true);
        expect([split.weight.dataId, split.remainder.dataId], "in place").toEqual(places);
        for (const [i, place] of [split.weight.dataId, split.remainder.dataId].entries()) expect(place).toBe(places[i]);
        expect(rounded / (steps * size), "ties that nearest even rounds the other way").toBeLessThan(1e-4);
        expect(valuesOf(whole)).not.toEqual(start);
        dispose([whole, split.weight, split.remainder, ...moments]);
      },
    );

    test("adds nothing to the memory, and needs no more tensors", () => {
      const split = splitVariable(noise(1));
      const [m, v] = [make(() => zeros([size])), make(() => zeros([size]))];
      const grad = tidy(() => toBfloat16(tensor(noise(2))));
      const before = torch!.backend.memory().numBytes;
      adamwUpdate(split, grad, m, v, { ...settings, step: 1, factor: 0.5 });
      expect(torch!.backend.memory().numBytes).toBe(before);
      dispose([split.weight, split.remainder, m, v, grad]);
    });
  },
);

describe.skipIf(!torch)(`what adamwUpdate refuses${whyNot}`, () => {
  beforeAll(async () => void (await initEngine({ backend: "torch" })));

  test("a remainder that another tensor shares", () => {
    const split = splitVariable(noise(1));
    const [m, v] = [make(() => zeros([size])), make(() => zeros([size]))];
    const grad = tensor(noise(2));
    const other = split.remainder.clone();
    expect(() => adamwUpdate(split, grad, m, v, { ...settings, step: 1 })).toThrow(
      "adamwUpdate: the remainder shares its data with another tensor",
    );
    dispose([split.weight, split.remainder, m, v, grad, other]);
  });
});
