import fc from "fast-check";
import { expect, test } from "vitest";
import { sizeOf, stridesOf, viewStrides } from "./strides.ts";

/** The places in memory of a tensor's elements, in their order. */
function places(shape: readonly number[], strides: readonly number[]): number[] {
  return shape.reduce<number[]>(
    (sofar, size, axis) => sofar.flatMap((place) => Array.from({ length: size }, (_, i) => place + i * strides[axis]!)),
    [0],
  );
}

const sizes = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 });

test("a view of a transposed tensor has its elements in their order; one that lies in order always has a view", () => {
  const cases = sizes.chain((shape) =>
    fc.record({
      shape: fc.constant(shape),
      perm: fc.shuffledSubarray([...shape.keys()], { minLength: shape.length }),
      cut: sizes,
    }),
  );
  fc.assert(
    fc.property(cases, ({ shape, perm, cut }) => {
      const strides = stridesOf(shape);
      const [turned, turnedStrides] = [perm.map((axis) => shape[axis]!), perm.map((axis) => strides[axis]!)];
      const newShape = [...cut.filter((size, i) => sizeOf(shape) % sizeOf(cut.slice(0, i + 1)) === 0 && size > 0)];
      const rest = sizeOf(shape) / sizeOf(newShape);
      if (!Number.isInteger(rest)) return;
      const view = viewStrides(turned, turnedStrides, [...newShape, rest]);
      if (view) expect(places([...newShape, rest], view)).toEqual(places(turned, turnedStrides));
      else expect(turnedStrides).not.toEqual(stridesOf(turned));
    }),
  );
});

test("a slice of the last axis can be cut further, and not be joined with the axis before", () => {
  expect(viewStrides([2, 6], [18, 1], [2, 3, 2])).toEqual([18, 2, 1]);
  expect(viewStrides([2, 6], [18, 1], [12])).toBeUndefined();
});
