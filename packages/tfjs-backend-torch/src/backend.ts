import {
  type BackendValues,
  DataStorage,
  type DataType,
  engine,
  KernelBackend,
  type TensorInfo,
  util,
} from "@tensorflow/tfjs-core";
import type { Addon } from "./addon.ts";
import { CallArrays } from "./call-arrays.ts";
import { dtypeCode } from "./dtypes.ts";
import { Entry, gone, noTensor } from "./entry.ts";
import { opFailed } from "./op-failed.ts";

type Numbers = Float32Array | Int32Array | Uint8Array;

const none: readonly number[] = [];

/**
 * libtorch as a tfjs backend: a dataId is a slot of the addon. Results of reshape, transpose and slice are views, as in
 * PyTorch: they share storage, which is freed with the last of them.
 */
export class TorchBackend extends KernelBackend {
  readonly addon: Addon;
  /** Entries by the dataIds that another backend made; tfjs moves their data here at first use. */
  private readonly moved = new DataStorage<Entry>(this, engine());
  private entries = 0;
  private readonly kernelIndex: ReadonlyMap<string, number>;
  private readonly shared: CallArrays;
  private readonly slots: number[] = [];

  constructor(addon: Addon) {
    super();
    this.addon = addon;
    this.kernelIndex = new Map(addon.kernels().map((name, i) => [name, i]));
    this.shared = new CallArrays(addon);
  }

  /** The number of a native kernel, for `call`. */
  kernel(name: string): number {
    const index = this.kernelIndex.get(name);
    if (index === undefined) throw new RangeError(`The addon has no kernel ${name}`);
    return index;
  }

  hasNative(name: string): boolean {
    return this.kernelIndex.has(name);
  }

  /**
   * Runs a native kernel. An undefined tensor is an absent optional input.
   *
   * @param ints - Integers in the order in which the kernel reads them; a list is its length and its values.
   * @throws {TorchError} OUT_OF_MEMORY or OP_FAILED, with the op and the shapes.
   */
  call(
    name: string,
    tensors: readonly (TensorInfo | undefined)[],
    ints: ArrayLike<number> = none,
    numbers: ArrayLike<number> = none,
  ): TensorInfo[] {
    const kernel = this.kernel(name);
    for (let i = 0; i < tensors.length; i++) {
      const tensor = tensors[i];
      this.slots[i] = tensor === undefined ? noTensor : this.slotOf(tensor); // can move data here, which writes a shape
    }
    this.shared.putCall(this.slots, tensors.length, ints, numbers);
    let outputs: number;
    try {
      outputs = this.addon.run(kernel);
    } catch (cause) {
      throw opFailed(name, tensors, cause);
    }
    this.entries += outputs;
    return this.shared.takeOutputs(outputs);
  }

  /** `call` of a kernel with one output. */
  callOne(
    name: string,
    tensors: readonly (TensorInfo | undefined)[],
    ints?: ArrayLike<number>,
    numbers?: ArrayLike<number>,
  ): TensorInfo {
    return this.call(name, tensors, ints, numbers)[0]!;
  }

  slotOf(tensor: TensorInfo): number {
    const { slot, dtype } = this.entryOf(tensor.dataId);
    if (slot === noTensor) throw new RangeError(`The torch backend cannot compute with ${dtype} tensors`);
    return slot;
  }

  /**
   * Makes the writes that kernels WriteTensor were told to make later, beside JavaScript.
   *
   * @returns CRC-32 by the descriptor of each file, once it is on the disk. Until then no tensor of it may change in place.
   * @throws {TorchError} OP_FAILED.
   */
  async flushWrites(): Promise<ReadonlyMap<number, number>> {
    try {
      return new Map(await this.addon.flush());
    } catch (cause) {
      throw opFailed("WriteTensor", [], cause);
    }
  }

  /** A new handle to the same data, in the same shape. */
  share(x: TensorInfo): TensorInfo {
    this.incRef(x.dataId);
    return { dataId: x.dataId, shape: x.shape, dtype: x.dtype };
  }

  override write(values: BackendValues, shape: number[], dtype: DataType): object {
    const entry = this.store(values, shape, dtype);
    this.entries++;
    return entry;
  }

  override move(dataId: object, values: BackendValues, shape: number[], dtype: DataType, refCount: number): void {
    const entry = this.store(values, shape, dtype);
    entry.refCount = refCount;
    this.moved.set(dataId, entry);
  }

  override readSync(dataId: object): BackendValues {
    const { slot, dtype, size, strings } = this.entryOf(dataId);
    if (strings) return strings;
    const values = util.getTypedArrayFromDType(dtype as "float32", size);
    this.addon.read(slot, values);
    return values;
  }

  override async read(dataId: object): Promise<BackendValues> {
    return this.readSync(dataId);
  }

  override disposeData(dataId: object, force = false): boolean {
    if (!this.has(dataId)) return true;
    const entry = this.entryOf(dataId);
    entry.refCount--;
    if (!force && entry.refCount > 0) return false;
    if (entry.slot !== noTensor) this.addon.drop(entry.slot);
    entry.slot = gone;
    if (entry === dataId) this.entries--;
    else this.moved.delete(dataId);
    return true;
  }

  /** Number of tensors that use the data: handles of this dataId, and views of its storage. */
  override refCount(dataId: object): number {
    if (!this.has(dataId)) return 0;
    const { refCount, slot } = this.entryOf(dataId);
    return slot === noTensor ? refCount : refCount + this.addon.sharers(slot) - 1;
  }

  override incRef(dataId: object): void {
    this.entryOf(dataId).refCount++;
  }

  override numDataIds(): number {
    return this.entries + this.moved.numDataIds();
  }

  /**
   * Bytes of live storages, each once: `tf.memory().numBytesInTorch`, and `numBytesParked` of tensors that wait in the
   * host's memory. (tfjs puts its own count into `numBytes`, by shapes, in which a view counts again.)
   */
  override memory(): { unreliable: boolean; numBytes: number; numBytesInTorch: number; numBytesParked: number } {
    const bytes = this.addon.bytes(false);
    return { unreliable: false, numBytes: bytes, numBytesInTorch: bytes, numBytesParked: this.addon.bytes(true) };
  }

  override async time(run: () => void): Promise<{ kernelMs: number }> {
    const start = util.now();
    run();
    return { kernelMs: util.now() - start };
  }

  override floatPrecision(): 16 | 32 {
    return 32;
  }

  override epsilon(): number {
    return 1e-7;
  }

  override timerAvailable(): boolean {
    return true;
  }

  override dispose(): void {}

  private entryOf(dataId: object): Entry {
    return dataId instanceof Entry && dataId.slot !== gone ? dataId : this.moved.get(dataId);
  }

  private has(dataId: object): boolean {
    return (dataId instanceof Entry && dataId.slot !== gone) || this.moved.has(dataId);
  }

  private store(values: BackendValues, shape: number[], dtype: DataType): Entry {
    const size = util.sizeFromShape(shape);
    if (dtype === "string") return new Entry(noTensor, dtype, size, values as Uint8Array[]);
    const code = dtypeCode(dtype);
    this.shared.putShape(shape);
    try {
      const slot = this.addon.write(typed(values as Numbers, dtype), code, shape.length);
      return new Entry(slot, dtype, size);
    } catch (cause) {
      throw opFailed("write", [{ dataId: {}, shape, dtype }], cause);
    }
  }
}

/** tfjs also hands over plain arrays, and booleans. */
function typed(values: Numbers, dtype: DataType): Numbers {
  const Wanted = dtype === "float32" ? Float32Array : dtype === "int32" ? Int32Array : Uint8Array;
  return values instanceof Wanted ? values : Wanted.from(values as ArrayLike<number>);
}
