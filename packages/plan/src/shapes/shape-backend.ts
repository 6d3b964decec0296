import { type BackendValues, type DataType, KernelBackend, type TensorInfo, util } from "@tensorflow/tfjs-core";
import { sizeOf, stridesOf } from "./strides.ts";

/** Memory that tensors share. */
interface Storage {
  bytes: number;
  users: number;
}

/** What stands behind a tensor: where it lies, and no values. It is the tensor's dataId. */
export interface Laid {
  storage: Storage;
  strides: readonly number[];
  /** Bytes of an element; 2 of what tfjs calls float32: bfloat16. */
  width: number;
  dtype: DataType;
  size: number;
  refCount: number;
  /** What all its elements read; default 0. */
  value?: number;
}

const widths: Partial<Record<DataType, number>> = { float32: 4, int32: 4, bool: 1 };

/**
 * A tfjs backend that computes nothing and holds nothing: it counts the bytes that the torch backend would hold, storage by
 * storage, views sharing theirs. All values read the same number.
 */
export class ShapeBackend extends KernelBackend {
  /** Of the storages that are alive. */
  bytes = 0;
  /** The most since `restart`. */
  peak = 0;
  /** The most since `restart`, with what the kernels hold for themselves while they run. */
  peakInside = 0;

  /** Floating-point operations of products and attention since `restart`: 2 m k n of [m, k] and [k, n]. */
  operations = 0;

  /** The tensors of the decode sessions that are open, by number. */
  readonly sessions = new Map<number, { tensors: readonly TensorInfo[]; slots: number; tokens: number }>();

  /** Counts peaks and operations from here on. */
  restart(): void {
    this.peak = this.peakInside = this.bytes;
    this.operations = 0;
  }

  /** A tensor in memory of its own. */
  make(shape: readonly number[], dtype: DataType, width: number = widths[dtype]!): TensorInfo {
    const size = sizeOf(shape);
    const storage = { bytes: size * width, users: 0 };
    this.bytes += storage.bytes;
    this.peak = Math.max(this.peak, this.bytes);
    this.peakInside = Math.max(this.peakInside, this.bytes);
    return this.lay(shape, { storage, strides: stridesOf(shape), width, dtype, size });
  }

  /** A view of a tensor, over its memory. */
  view(x: TensorInfo, shape: readonly number[], strides: readonly number[]): TensorInfo {
    const { storage, width } = this.laid(x);
    return this.lay(shape, { storage, strides, width, dtype: x.dtype, size: sizeOf(shape) });
  }

  /** Says that a kernel holds memory for itself beside its outputs. */
  borrow(bytes: number): void {
    this.peakInside = Math.max(this.peakInside, this.bytes + bytes);
  }

  laid({ dataId }: TensorInfo): Laid {
    return dataId as unknown as Laid;
  }

  private lay(shape: readonly number[], place: Omit<Laid, "refCount">): TensorInfo {
    place.storage.users++;
    const dataId: Laid = { ...place, refCount: 1 };
    return { dataId: dataId as unknown as TensorInfo["dataId"], shape: [...shape], dtype: place.dtype };
  }

  override write(_: BackendValues, shape: number[], dtype: DataType): object {
    return this.make(shape, dtype).dataId;
  }

  override readSync(dataId: object): BackendValues {
    const { dtype, size, value = 0 } = dataId as Laid;
    return util.getTypedArrayFromDType(dtype as "float32", size).fill(value);
  }

  override async read(dataId: object): Promise<BackendValues> {
    return this.readSync(dataId);
  }

  override incRef(dataId: object): void {
    (dataId as Laid).refCount++;
  }

  override refCount(dataId: object): number {
    const { refCount, storage } = dataId as Laid;
    return refCount + storage.users - 1;
  }

  override disposeData(dataId: object, force = false): boolean {
    const laid = dataId as Laid;
    laid.refCount--;
    if (!force && laid.refCount > 0) return false;
    if (--laid.storage.users === 0) this.bytes -= laid.storage.bytes;
    return true;
  }

  override numDataIds(): number {
    return 0;
  }

  override memory(): { unreliable: boolean; numBytes: number } {
    return { unreliable: false, numBytes: this.bytes };
  }

  override floatPrecision(): 16 | 32 {
    return 32;
  }

  override epsilon(): number {
    return 1e-7;
  }

  override dispose(): void {}
}
