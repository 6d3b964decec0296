// How a view lies over its storage, as in PyTorch.

export const sizeOf = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);

/** Elements from one index to the next, of a tensor that lies in order. */
export function stridesOf(shape: readonly number[]): number[] {
  const strides = new Array<number>(shape.length);
  for (let axis = shape.length - 1, step = 1; axis >= 0; axis--) {
    strides[axis] = step;
    step *= shape[axis]!;
  }
  return strides;
}

/**
 * The strides under which a tensor has another shape without a copy; undefined if there are none. Axes that lie one behind the
 * other are one run, and a new axis lies inside one run.
 */
export function viewStrides(
  shape: readonly number[],
  strides: readonly number[],
  newShape: readonly number[],
): number[] | undefined {
  const runs: { size: number; step: number }[] = [];
  shape.forEach((size, axis) => {
    const last = runs.at(-1);
    if (size === 1) return;
    if (last && last.step === size * strides[axis]!)
      runs[runs.length - 1] = { size: last.size * size, step: strides[axis]! };
    else runs.push({ size, step: strides[axis]! });
  });
  const found: number[] = [];
  let { size: left, step } = runs.pop() ?? { size: 1, step: 1 };
  for (let axis = newShape.length - 1; axis >= 0; axis--) {
    const size = newShape[axis]!;
    if (left === 1 && size > 1) ({ size: left, step } = runs.pop()!);
    if (left % size !== 0) return undefined;
    found.unshift(step);
    left /= size;
    step *= size;
  }
  return found;
}
