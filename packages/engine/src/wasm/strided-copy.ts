import { type TensorInfo, util } from "@tensorflow/tfjs-core";
import { kernels, ptr } from "./module.ts";

/** One side of a copy: element [i0, i1, ...] lies `offset + i0 * strides[0] + ...` elements after the tensor's start. */
export interface View {
  tensor: TensorInfo;
  offset: number;
  strides: readonly number[];
}

interface Loop {
  size: number;
  from: number;
  to: number;
}

/** Row-major strides, in elements. */
export const stridesOf = (shape: number[]): number[] => (shape.length === 0 ? [] : [...util.computeStrides(shape), 1]);

/** The whole of a tensor in its own order. */
export const whole = (tensor: TensorInfo): View => ({ tensor, offset: 0, strides: stridesOf(tensor.shape) });

/** Copies `shape` elements of 4 bytes from one view to another. */
export function stridedCopy(shape: readonly number[], from: View, to: View): void {
  if (shape.includes(0)) return;
  const loops = merged(shape.map((size, axis) => ({ size, from: from.strides[axis]!, to: to.strides[axis]! })));
  const last = loops.at(-1);
  const row = last?.from === 1 && last.to === 1 ? loops.pop()!.size : 1;
  while (loops.length < 3) loops.unshift({ size: 1, from: 0, to: 0 });
  copyLoops(loops, row, ptr(from.tensor) + from.offset * 4, ptr(to.tensor) + to.offset * 4);
}

/** Copies by nested loops, of which the innermost three run in the kernel. */
function copyLoops(loops: Loop[], row: number, from: number, to: number): void {
  if (loops.length > 3) {
    const [outer, ...inner] = loops as [Loop, ...Loop[]];
    for (let i = 0; i < outer.size; i++) copyLoops(inner, row, from + i * outer.from * 4, to + i * outer.to * 4);
    return;
  }
  const [i, j, k] = loops as [Loop, Loop, Loop];
  const fromStrides = [i.from * 4, j.from * 4, k.from * 4] as const;
  kernels().stridedCopy(from, to, row * 4, i.size, j.size, k.size, ...fromStrides, i.to * 4, j.to * 4, k.to * 4);
}

/** Merges neighbouring loops that walk both sides as one loop would, and drops loops of size 1. */
function merged(loops: Loop[]): Loop[] {
  const result: Loop[] = [];
  for (const loop of loops) {
    if (loop.size === 1) continue;
    const outer = result.at(-1);
    if (outer && outer.from === loop.from * loop.size && outer.to === loop.to * loop.size) {
      result[result.length - 1] = { ...loop, size: outer.size * loop.size };
    } else {
      result.push(loop);
    }
  }
  return result;
}
