import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import {
  allocate,
  bytesPerElement,
  decode,
  isSafetensorsDtype,
  type SafetensorsData,
  type SafetensorsDtype,
  type UndecodedDtype,
} from "./safetensors-codec.ts";
import { elementCount, parseHeader, prefixBytes, SafetensorsError } from "./safetensors-header.ts";

export type { SafetensorsData, SafetensorsDtype, UndecodedDtype, WritableDtype } from "./safetensors-codec.ts";
export { SafetensorsError, type SafetensorsErrorCode } from "./safetensors-header.ts";
export {
  type BegunFile,
  beginSafetensors,
  type SafetensorsTensor,
  type WriteTensors,
  writeSafetensors,
} from "./safetensors-write.ts";

/** An open safetensors file; tensors are read from disk one at a time. */
export interface SafetensorsFile {
  readonly path: string;
  /** Tensor names in file order. */
  readonly names: readonly string[];
  readonly metadata: Readonly<Record<string, string>>;
  info(name: string): { dtype: SafetensorsDtype | UndecodedDtype; shape: readonly number[] };
  /** F64, F32, F16, BF16 as Float32Array (F64 rounded); I64, I32, I16 as Int32Array; U8, BOOL as Uint8Array. Row-major. Other formats are refused. */
  read(name: string): SafetensorsData;
  /** The open file and the position of a tensor's bytes in it, for readers outside JavaScript. */
  locate(name: string): { descriptor: number; position: number };
  close(): void;
}

const maxHeaderBytes = 100_000_000; // limit of the reference implementation
const chunkBytes = 64 * 2 ** 20; // one system call; Node.js refuses 2 GiB and more

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
        if (!isSafetensorsDtype(dtype)) {
          const what = `the number format ${dtype} is not supported`;
          const hint = "Dequantise the model to BF16, and save it again";
          throw new SafetensorsError("SAFETENSORS_TENSOR", { path, tensor: name, what, hint });
        }
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
      locate: (name) => ({ descriptor: file, position: dataStart + entry(name).begin }),
      close: () => closeSync(file),
    };
  } catch (error) {
    closeSync(file);
    throw error;
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
    const read = readSome(path, file, target.subarray(done), position + done);
    if (read === 0) {
      const what = `the file ends at byte ${position + done}, it shrank while open`;
      throw new SafetensorsError("SAFETENSORS_TRUNCATED", { path, what, hint: "Copy or download the file again" });
    }
    done += read;
  }
}

function readSome(path: string, file: number, target: Uint8Array, position: number): number {
  try {
    return readSync(file, target, 0, target.byteLength, position);
  } catch (cause) {
    const what = `cannot read (${(cause as NodeJS.ErrnoException).code})`;
    throw new SafetensorsError(
      "SAFETENSORS_OPEN",
      { path, what, hint: "Check that this is a readable file" },
      { cause },
    );
  }
}
