import type { DataType } from "@tensorflow/tfjs-core";

/** The slot of an entry that the addon has no tensor for: strings. */
export const noTensor = -1;
/** The slot of an entry that was disposed of, or moved to another backend. */
export const gone = -2;

/**
 * A tensor in a slot of the addon, or strings, which stay in JavaScript. Tensors made here have it as their dataId, which
 * saves a look-up in a WeakMap; a thread has one backend.
 */
export class Entry {
  refCount = 1;
  slot: number;
  readonly dtype: DataType;
  readonly size: number;
  readonly strings: Uint8Array[] | undefined;

  constructor(slot: number, dtype: DataType, size: number, strings?: Uint8Array[]) {
    this.slot = slot;
    this.dtype = dtype;
    this.size = size;
    this.strings = strings;
  }
}
