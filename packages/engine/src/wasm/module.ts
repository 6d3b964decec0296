import { engine, type KernelBackend, type TensorInfo, util } from "@tensorflow/tfjs-core";
import { EngineError } from "../errors.ts";
import { type Kernels, kernelsBase64 } from "../generated/kernels.ts";

/** The parts of tfjs' wasm backend (4.22.0) that our kernels stand on. */
export interface WasmBackend extends KernelBackend {
  wasm: { asm: { memory: WebAssembly.Memory }; _malloc(bytes: number): number; _free(address: number): void };
  dataIdMap: { get(dataId: object): { memoryOffset: number } };
  makeOutput(shape: number[], dtype: TensorInfo["dtype"]): TensorInfo;
}

interface Module {
  backend: WasmBackend;
  kernels: Kernels;
  scratch: { address: number; bytes: number };
}

let loaded: Module | undefined;

function current(): Module {
  if (loaded) return loaded;
  throw new EngineError("NOT_INITIALIZED", {
    message: "A WebAssembly kernel ran before the wasm engine was started",
    hint: 'Call `await initEngine({ backend: "wasm" })` first.',
  });
}

/** Instantiates our kernels on the memory of tfjs' wasm backend, so that they work on tensors in place. */
export async function loadKernels(): Promise<void> {
  const backend = engine().backend as WasmBackend;
  if (loaded?.backend === backend) return;
  guardMalloc(backend.wasm);
  const { memory } = backend.wasm.asm;
  const { instance } = await WebAssembly.instantiate(Buffer.from(kernelsBase64, "base64"), { env: { memory } });
  loaded = { backend, kernels: instance.exports as unknown as Kernels, scratch: { address: 0, bytes: 0 } };
}

/** tfjs writes to address 0 when its heap (4 GiB at most) is full; say so instead. */
function guardMalloc(wasm: WasmBackend["wasm"]): void {
  const malloc = wasm._malloc;
  wasm._malloc = (bytes) => {
    const address = malloc(bytes);
    if (address !== 0 || bytes === 0) return address;
    throw new EngineError("OUT_OF_MEMORY", {
      message: `The WebAssembly heap (4 GiB at most) has no room for ${bytes} bytes`,
      hint: "Use smaller batches, gradient checkpointing, or the torch backend.",
      bytes,
    });
  };
}

/** The compiled functions of src/kernels.as; pointers are heap addresses, sizes are in elements. */
export const kernels = (): Kernels => current().kernels;

/** Heap address of a tensor's data. */
export const ptr = ({ dataId }: TensorInfo): number => current().backend.dataIdMap.get(dataId).memoryOffset;

/** A new tensor on the heap; its contents are undefined. */
export const makeOutput = (shape: readonly number[], dtype: TensorInfo["dtype"]): TensorInfo =>
  current().backend.makeOutput([...shape], dtype);

/** The same data under a new handle, as tensors are immutable; what writes in place asks `isShared`. */
export function share({ dataId, dtype }: TensorInfo, shape: number[]): TensorInfo {
  current().backend.incRef(dataId);
  return { dataId, shape, dtype };
}

/** Whether other tensors hold the same data, so that writing in place would change them too. */
export const isShared = ({ dataId }: TensorInfo): boolean => current().backend.refCount(dataId) > 1;

/** `info`'s data as a view. Valid until the next allocation, which may move the heap. */
export function heapFloats(info: TensorInfo): Float32Array {
  return new Float32Array(current().backend.wasm.asm.memory.buffer, ptr(info) >>> 0, util.sizeFromShape(info.shape));
}

/** As `heapFloats`, for int32. */
export function heapInts(info: TensorInfo): Int32Array {
  return new Int32Array(current().backend.wasm.asm.memory.buffer, ptr(info) >>> 0, util.sizeFromShape(info.shape));
}

/** Address of at least `bytes` bytes, 64-byte aligned, kept and reused: valid until the next call of `scratch`. */
export function scratch(bytes: number): number {
  const { backend, scratch: area } = current();
  if (bytes > area.bytes) {
    if (area.address) backend.wasm._free(area.address);
    area.bytes = 0;
    area.address = backend.wasm._malloc(bytes + 64);
    area.bytes = bytes;
  }
  return ((area.address + 63) & ~63) >>> 0;
}
