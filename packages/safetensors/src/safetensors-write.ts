import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { allocate, bytesPerElement, encode, type SafetensorsData, type WritableDtype } from "./safetensors-codec.ts";
import { elementCount, prefixBytes, SafetensorsError } from "./safetensors-header.ts";

/** Writes the tensor's bytes, little-endian, to the open file from `position` on. */
export interface DirectWriter {
  writeTo(descriptor: number, position: number): void;
}

/** A tensor to write. A function delays the data until its turn, so that only one tensor needs to be in memory. */
export interface SafetensorsTensor {
  name: string;
  dtype: WritableDtype;
  shape: readonly number[];
  data: SafetensorsData | (() => SafetensorsData) | DirectWriter;
}

const chunkBytes = 2 ** 30; // one system call; Node.js refuses 2 GiB and more

/** A safetensors file whose writes may be pending. */
export interface BegunFile {
  readonly path: string;
  readonly descriptor: number;
  /** Flushes it to the disk and puts it in its place. @throws {SafetensorsError} If the disk refuses. */
  end(): void;
  /** Closes and removes it. */
  abort(): void;
}

/**
 * Writes a safetensors file atomically: a temporary file beside `path`, fsync, rename. Tensors are laid out by falling
 * element size, then name, and the header is padded to 8 bytes, so every tensor is aligned as the format asks.
 *
 * @throws {SafetensorsError} If a name repeats, data and shape or dtype disagree, or the disk refuses; `path` is then untouched.
 */
export function writeSafetensors(
  path: string,
  tensors: Iterable<SafetensorsTensor>,
  metadata: Readonly<Record<string, string>> = {},
): void {
  beginSafetensors(path, tensors, metadata).end();
}

/** Writes a file of tensors, or begins to. */
export type WriteTensors = (...args: Parameters<typeof beginSafetensors>) => void;

/**
 * `writeSafetensors` without its end, for tensors whose `writeTo` may leave the bytes to be written later: the file may be ended
 * once they are.
 */
export function beginSafetensors(
  path: string,
  tensors: Iterable<SafetensorsTensor>,
  metadata: Readonly<Record<string, string>> = {},
): BegunFile {
  const sorted = [...tensors].sort(
    (a, b) => bytesPerElement[b.dtype] - bytesPerElement[a.dtype] || (a.name < b.name ? -1 : 1),
  );
  const temporary = `${path}.tmp-${process.pid}`;
  const header = encodeHeader(path, sorted, metadata);
  let file: number | undefined;
  const abort = () => {
    if (file !== undefined) closeSync(file);
    file = undefined;
    rmSync(temporary, { force: true });
  };
  const guarded = (run: () => void) => {
    try {
      run();
    } catch (cause) {
      abort();
      if (cause instanceof SafetensorsError) throw cause;
      const what = `cannot write (${(cause as Error).message})`;
      const hint = "Check that the folder exists, is writable and has room";
      throw new SafetensorsError("SAFETENSORS_WRITE", { path, what, hint }, { cause });
    }
  };
  guarded(() => {
    file = openSync(temporary, "w+");
    writeAll(file, header, 0);
    let position = header.byteLength;
    for (const tensor of sorted) {
      const { data, shape, dtype } = tensor;
      if ("writeTo" in data) data.writeTo(file, position);
      else writeAll(file, encodeTensor(path, tensor, data), position);
      position += elementCount(shape) * bytesPerElement[dtype];
    }
  });
  return {
    path,
    descriptor: file!,
    end: () =>
      guarded(() => {
        fsyncSync(file!);
        closeSync(file!);
        file = undefined;
        renameSync(temporary, path);
        syncFolder(dirname(path));
      }),
    abort,
  };
}

function encodeHeader(
  path: string,
  tensors: readonly SafetensorsTensor[],
  metadata: Readonly<Record<string, string>>,
): Uint8Array {
  const root = new Map<string, unknown>(Object.keys(metadata).length > 0 ? [["__metadata__", metadata]] : []);
  let begin = 0;
  for (const { name, dtype, shape } of tensors) {
    if (root.has(name) || name === "__metadata__") {
      const hint = "Give every tensor a name of its own other than __metadata__";
      throw new SafetensorsError("SAFETENSORS_WRITE", { path, tensor: name, what: "the name is taken", hint });
    }
    const end = begin + elementCount(shape) * bytesPerElement[dtype];
    root.set(name, { dtype, shape, data_offsets: [begin, end] });
    begin = end;
  }
  const json = new TextEncoder().encode(JSON.stringify(Object.fromEntries(root)));
  const bytes = new Uint8Array(prefixBytes + Math.ceil(json.byteLength / 8) * 8).fill(0x20);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(bytes.byteLength - prefixBytes), true);
  bytes.set(json, prefixBytes);
  return bytes;
}

function encodeTensor(
  path: string,
  { name, dtype, shape }: SafetensorsTensor,
  data: SafetensorsData | (() => SafetensorsData),
): Uint8Array {
  const values = typeof data === "function" ? data() : data;
  const expected = allocate(dtype, 0).constructor;
  const count = elementCount(shape);
  if (values.constructor !== expected || values.length !== count) {
    const what = `${values.constructor.name} of ${values.length} values given for ${dtype} [${shape.join(", ")}]`;
    const hint = `Give a ${expected.name} of ${count} values`;
    throw new SafetensorsError("SAFETENSORS_WRITE", { path, tensor: name, what, hint });
  }
  return encode(dtype, values);
}

function writeAll(file: number, bytes: Uint8Array, position: number): void {
  for (let done = 0; done < bytes.byteLength; )
    done += writeSync(file, bytes, done, Math.min(chunkBytes, bytes.byteLength - done), position + done);
}

function syncFolder(path: string): void {
  const folder = openSync(path, "r");
  fsyncSync(folder);
  closeSync(folder);
}
