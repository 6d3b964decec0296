import { sizeOf } from "./check.ts";
import { fill } from "./references.ts";

/** The tensor whose element at each coordinate is f of it. */
export function grid(shape: number[], f: (at: number[]) => number): Float64Array {
  const strides = stridesOf(shape);
  return fill(sizeOf(shape), (i) => f(strides.map((stride, axis) => Math.floor(i / stride) % shape[axis]!)));
}

export const stridesOf = (shape: number[]) => shape.map((_, axis) => sizeOf(shape.slice(axis + 1)));

/** Element of x [shape]; a coordinate past an axis of size 1 reads that axis' only place (broadcasting). */
export const element = (x: Float64Array, shape: number[], at: number[]) => {
  const own = at.slice(at.length - shape.length);
  return x[own.reduce((sum, c, axis) => sum + (shape[axis] === 1 ? 0 : c) * stridesOf(shape)[axis]!, 0)]!;
};
