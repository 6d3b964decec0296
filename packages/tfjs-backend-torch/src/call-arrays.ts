import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { Addon } from "./addon.ts";
import { dtypes } from "./dtypes.ts";
import { Entry } from "./entry.ts";

/** The two arrays that carry the arguments and results of a call between JavaScript and the addon (native/call.h). */
export class CallArrays {
  private readonly addon: Addon;
  private ints = new Int32Array(0);
  private readonly numbers = new Float64Array(64);

  constructor(addon: Addon) {
    this.addon = addon;
    this.reserve(4096);
  }

  /** Puts the first `count` slots, then integers, then numbers where a kernel reads them. */
  putCall(slots: readonly number[], count: number, ints: ArrayLike<number>, numbers: ArrayLike<number>): void {
    if (1 + count + ints.length > this.ints.length) this.reserve(2 * (1 + count + ints.length));
    const { ints: to, numbers: toNumbers } = this;
    to[0] = count;
    for (let i = 0; i < count; i++) to[i + 1] = slots[i]!;
    for (let i = 0; i < ints.length; i++) to[count + 1 + i] = ints[i]!;
    for (let i = 0; i < numbers.length; i++) toNumbers[i] = numbers[i]!;
  }

  /** Puts a shape where `Addon.write` reads it. */
  putShape(shape: readonly number[]): void {
    for (let i = 0; i < shape.length; i++) this.ints[i] = shape[i]!;
  }

  /** The results that the addon has left in `ints`: for each its slot, dtype, rank and shape. */
  takeOutputs(count: number): TensorInfo[] {
    const { ints } = this;
    const outputs: TensorInfo[] = [];
    let at = 0;
    for (let i = 0; i < count; i++) {
      const slot = ints[at]!;
      const dtype = dtypes[ints[at + 1]!]!;
      const rank = ints[at + 2]!;
      const shape: number[] = [];
      let size = 1;
      for (let axis = 0; axis < rank; axis++) {
        const length = ints[at + 3 + axis]!;
        shape.push(length);
        size *= length;
      }
      at += 3 + rank;
      outputs.push({ dataId: new Entry(slot, dtype, size), shape, dtype });
    }
    return outputs;
  }

  private reserve(count: number): void {
    this.ints = new Int32Array(count);
    this.addon.bind(this.ints, this.numbers);
  }
}
