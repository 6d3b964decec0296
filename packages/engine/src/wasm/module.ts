/// <reference path="./webassembly.d.ts" />
import { setFlagsFromString } from "node:v8";
import { engine, type KernelBackend, type TensorInfo, util } from "@tensorflow/tfjs-core";
import { EngineError } from "../errors.ts";
import { type Kernels, kernelsBase64, relaxedKernelsBase64 } from "../generated/kernels.ts";

/** The parts of tfjs' wasm backend (4.22.0) that our kernels use. */
export interface WasmBackend extends KernelBackend {
  wasm: {
    asm: { memory: WebAssembly.Memory; malloc(bytes: number): number };
    _malloc(bytes: number): number;
    _free(address: number): void;
  };
  dataIdMap: { get(dataId: object): { memoryOffset: number } };
  makeOutput(shape: number[], dtype: TensorInfo["dtype"]): TensorInfo;
}

interface Module {
  backend: WasmBackend;
  kernels: Kernels;
  fma: boolean;
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

/**
 * Instantiates our kernels on the memory of tfjs' wasm backend, so that they work on tensors in place.
 *
 * @param fma - Whether to use the build with fused multiply-add (relaxed SIMD), where V8 can run it.
 * @returns Whether that build was taken.
 */
export async function loadKernels(fma: boolean): Promise<boolean> {
  const backend = engine().backend as WasmBackend;
  const relaxed = Buffer.from(relaxedKernelsBase64, "base64");
  const takesRelaxed = fma && runs(relaxed);
  if (loaded?.backend === backend && loaded.fma === takesRelaxed) return takesRelaxed;
  if (loaded?.backend !== backend) guardMalloc(backend.wasm);
  const { memory } = backend.wasm.asm;
  const binary = takesRelaxed ? relaxed : Buffer.from(kernelsBase64, "base64");
  const { instance } = await WebAssembly.instantiate(binary, { env: { memory } });
  const kernels = instance.exports as unknown as Kernels;
  loaded = { backend, kernels, fma: takesRelaxed, scratch: loaded?.scratch ?? { address: 0, bytes: 0 } };
  return takesRelaxed;
}

/** Node 20 knows relaxed SIMD behind a flag, Node 22 without. */
function runs(binary: Uint8Array): boolean {
  if (WebAssembly.validate(binary)) return true;
  setFlagsFromString("--experimental-wasm-relaxed-simd");
  return WebAssembly.validate(binary);
}

/** Makes malloc throw when the heap (4 GiB at most) is full, where tfjs would write to address 0. */
function guardMalloc(wasm: WasmBackend["wasm"]): void {
  wasm._malloc = (bytes) => {
    const address = wasm.asm.malloc(bytes);
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

/** A new handle to the same data, which is safe since tensors are immutable; ops that write in place call `unshare` first. */
export function share({ dataId, dtype }: TensorInfo, shape: number[]): TensorInfo {
  current().backend.incRef(dataId);
  return { dataId, shape, dtype };
}

/** `info`'s data as a view. Valid until the next allocation, which may move the heap. */
export function heapFloats(info: TensorInfo): Float32Array {
  return new Float32Array(current().backend.wasm.asm.memory.buffer, ptr(info) >>> 0, util.sizeFromShape(info.shape));
}

/** As `heapFloats`, for int32. */
export function heapInts(info: TensorInfo): Int32Array {
  return new Int32Array(current().backend.wasm.asm.memory.buffer, ptr(info) >>> 0, util.sizeFromShape(info.shape));
}

/** Memory of the heap that stays where it is until it is released. */
export const allocate = (bytes: number): number => current().backend.wasm._malloc(Math.max(1, bytes)) >>> 0;

export const release = (address: number): void => current().backend.wasm._free(address);

/** Numbers at an address of the heap. Valid until the next allocation, which may move the heap. */
export const floatsAt = (address: number, count: number): Float32Array =>
  new Float32Array(current().backend.wasm.asm.memory.buffer, address, count);

/** As `floatsAt`, for unsigned 32-bit integers. */
export const wordsAt = (address: number, count: number): Uint32Array =>
  new Uint32Array(current().backend.wasm.asm.memory.buffer, address, count);

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
