import { closeSync, fstatSync, fsyncSync, openSync, readSync, renameSync, rmSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import {
  allocate,
  bytesPerElement,
  decode,
  encode,
  type SafetensorsData,
  type SafetensorsDtype,
  type WritableDtype,
} from "./safetensors-codec.ts";
import { elementCount, parseHeader, SafetensorsError } from "./safetensors-header.ts";

/** An open safetensors file; tensors are read from disk one at a time. */
export interface SafetensorsFile {
  readonly path: string;
  /** Tensor names in file order. */
  readonly names: readonly string[];
  readonly metadata: Readonly<Record<string, string>>;
  info(name: string): { dtype: SafetensorsDtype; shape: readonly number[] };
  /** F64, F32, F16, BF16 as Float32Array (F64 rounded); I64, I32 as Int32Array; U8, BOOL as Uint8Array. Row-major. */
  read(name: string): SafetensorsData;
  close(): void;
}

/** A tensor to write. A function delays the data until its turn, so that only one tensor needs to be in memory. */
export interface SafetensorsTensor {
  name: string;
  dtype: WritableDtype;
  shape: readonly number[];
  data: SafetensorsData | (() => SafetensorsData);
}

const maxHeaderBytes = 100_000_000; // limit of the reference implementation
const chunkBytes = 64 * 2 ** 20; // one system call; Node.js refuses 2 GiB and more
const prefixBytes = 8; // header length, u64 little-endian

/**
 * Opens a safetensors file and checks its whole header against the file size; tensor data stays on disk until `read`.
 * Files and tensors over 2 GiB are fine.
 *
 * @throws {SafetensorsError} If the file cannot be opened, is cut short, or its header breaks the format.
 * @see huggingface/safetensors README.md "Format"
 */
export function openSafetensors(path: string): SafetensorsFile {
  const file = openFile(path);
  try {
    const { entries, metadata, dataStart } = readHeader(path, file);
    const entry = (name: string) => {
      const found = entries.get(name);
      if (found) return found;
      const hint = `The file holds ${entries.size} tensors, such as ${[...entries.keys()].slice(0, 3).join(", ")}`;
      throw new SafetensorsError("SAFETENSORS_TENSOR", { path, tensor: name, what: "no tensor of this name", hint });
    };
    const names = [...entries.keys()].sort((a, b) => entry(a).begin - entry(b).begin);
    return {
      path,
      names,
      metadata,
      info: (name) => ({ dtype: entry(name).dtype, shape: entry(name).shape }),
      read(name) {
        const { dtype, shape, begin, end } = entry(name);
        const out = allocate(dtype, elementCount(shape));
        const chunk = new Uint8Array(Math.min(chunkBytes, end - begin));
        for (let at = begin; at < end; at += chunkBytes) {
          const raw = chunk.subarray(0, Math.min(chunkBytes, end - at));
          readExactly(path, file, raw, dataStart + at);
          try {
            decode(dtype, raw, out, (at - begin) / bytesPerElement[dtype]);
          } catch (cause) {
            const what = `a value cannot be held: ${(cause as Error).message}`;
            const hint = "Store the tensor as F32 or with smaller integers";
            throw new SafetensorsError("SAFETENSORS_TENSOR", { path, tensor: name, what, hint }, { cause });
          }
        }
        return out;
      },
      close: () => closeSync(file),
    };
  } catch (error) {
    closeSync(file);
    throw error;
  }
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
  const sorted = [...tensors].sort(
    (a, b) => bytesPerElement[b.dtype] - bytesPerElement[a.dtype] || (a.name < b.name ? -1 : 1),
  );
  const temporary = `${path}.tmp-${process.pid}`;
  const header = encodeHeader(path, sorted, metadata);
  try {
    const file = openSync(temporary, "w");
    try {
      writeAll(file, header);
      for (const tensor of sorted) writeAll(file, encodeTensor(path, tensor));
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
    syncFolder(dirname(path));
  } catch (cause) {
    rmSync(temporary, { force: true });
    if (cause instanceof SafetensorsError) throw cause;
    const hint = "Check that the folder exists, is writable and has room";
    throw new SafetensorsError(
      "SAFETENSORS_WRITE",
      { path, what: `cannot write (${(cause as Error).message})`, hint },
      { cause },
    );
  }
}

function openFile(path: string): number {
  try {
    return openSync(path, "r");
  } catch (cause) {
    const what = `cannot open (${(cause as NodeJS.ErrnoException).code})`;
    throw new SafetensorsError(
      "SAFETENSORS_OPEN",
      { path, what, hint: "Check the path and its permissions" },
      { cause },
    );
  }
}

function readHeader(path: string, file: number) {
  const fileBytes = fstatSync(file).size;
  const truncated = (what: string) =>
    new SafetensorsError("SAFETENSORS_TRUNCATED", { path, what, hint: "Copy or download the file again" });
  if (fileBytes < prefixBytes) throw truncated(`${fileBytes} bytes are too few for a safetensors file`);
  const prefix = new Uint8Array(prefixBytes);
  readExactly(path, file, prefix, 0);
  const headerBytes = Number(new DataView(prefix.buffer).getBigUint64(0, true));
  if (headerBytes > maxHeaderBytes) {
    const what = `the header claims ${headerBytes} bytes, more than the format's ${maxHeaderBytes}`;
    throw new SafetensorsError("SAFETENSORS_HEADER", { path, what, hint: "Check that this is a safetensors file" });
  }
  const dataStart = prefixBytes + headerBytes;
  if (dataStart > fileBytes) throw truncated(`the header claims ${headerBytes} bytes, but the file has ${fileBytes}`);
  const header = new Uint8Array(headerBytes);
  readExactly(path, file, header, prefixBytes);
  return { ...parseHeader(path, new TextDecoder().decode(header), fileBytes - dataStart), dataStart };
}

function readExactly(path: string, file: number, target: Uint8Array, position: number): void {
  for (let done = 0; done < target.byteLength; ) {
    const read = readSync(file, target, done, target.byteLength - done, position + done);
    if (read === 0) {
      const what = `the file ends at byte ${position + done}, it shrank while open`;
      throw new SafetensorsError("SAFETENSORS_TRUNCATED", { path, what, hint: "Copy or download the file again" });
    }
    done += read;
  }
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

function encodeTensor(path: string, { name, dtype, shape, data }: SafetensorsTensor): Uint8Array {
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

function writeAll(file: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.byteLength; )
    done += writeSync(file, bytes, done, Math.min(chunkBytes, bytes.byteLength - done));
}

function syncFolder(path: string): void {
  const folder = openSync(path, "r");
  fsyncSync(folder);
  closeSync(folder);
}
