import { tensor, memory as tensorMemory } from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { useEngine } from "../test/engine.ts";
import { gradientLayout, shardBytes } from "./data-parallel.ts";
import { type GradientSum, localGradientSum, sharedGradientSum } from "./gradient-sum.ts";

useEngine();

const layout = gradientLayout({ a: { shape: [2] }, b: { shape: [] } });
const shared = (parts: number) => sharedGradientSum(layout, new SharedArrayBuffer(shardBytes(layout, parts)));

type Part = { a?: number[] | undefined; b?: number | undefined };

function sumOf(gradients: GradientSum, parts: readonly Part[]): Record<string, readonly number[]> {
  for (const [part, { a, b }] of parts.entries())
    gradients.write(part, { ...(a && { a: tensor(a) }), ...(b !== undefined && { b: tensor(b) }) });
  const total = gradients.take(parts.length);
  const values = Object.entries(total).map(([name, x]) => [name, [...x.dataSync()]] as const);
  for (const x of Object.values(total)) x.dispose();
  return Object.fromEntries(values.sort());
}

test("both forms give float32 sums in the order of the parts, to the sign of a zero", () => {
  const value = fc.float({ noNaN: true, min: Math.fround(-1e30), max: Math.fround(1e30) });
  const part = fc.record({ a: fc.array(value, { minLength: 2, maxLength: 2 }), b: value }, { requiredKeys: [] });
  const before = tensorMemory().numTensors;
  fc.assert(
    fc.property(fc.array(part, { minLength: 1, maxLength: 6 }), (parts) => {
      const local = sumOf(localGradientSum(), parts);
      expect(sumOf(shared(parts.length), parts)).toEqual(local); // toEqual tells 0 from -0
      const b = parts.flatMap(({ b }) => (b === undefined ? [] : [b]));
      expect(local.b).toEqual(b.length === 0 ? undefined : [b.reduce((sum, x) => Math.fround(sum + x))]);
    }),
  );
  expect(tensorMemory().numTensors).toBe(before);
});

test("part 0 begins anew, whatever became of the step before", () => {
  const before = tensorMemory().numTensors;
  for (const gradients of [localGradientSum(), shared(2)]) {
    gradients.write(0, { a: tensor([1, 2]), b: tensor(3) });
    expect(sumOf(gradients, [{ a: [4, 5] }, { a: [1, 1] }])).toEqual({ a: [5, 6] });
    expect(sumOf(gradients, [{}, {}])).toEqual({});
  }
  expect(tensorMemory().numTensors).toBe(before);
});

test("a part out of turn is a mistake", () => {
  const gradients = localGradientSum();
  expect(() => gradients.write(1, {})).toThrow("Part 1 is written where part 0 is due");
  gradients.write(0, {});
  expect(() => gradients.take(2)).toThrow("1 parts are written, not 2");
});
