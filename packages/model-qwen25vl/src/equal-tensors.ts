import { readSync } from "node:fs";
import type { SafetensorsFile } from "@videor1/safetensors";

/** A tensor in a file. */
export interface StoredTensor {
  file: SafetensorsFile;
  stored: string;
}

const chunkBytes = 2 ** 24;

/** Whether two stored tensors of one shape have the same values; read by chunks where their number formats are the same. */
export function equalTensors(a: StoredTensor, b: StoredTensor): boolean {
  const { dtype, shape } = a.file.info(a.stored);
  const other = b.file.info(b.stored);
  if (dtype !== other.dtype) {
    const [x, y] = [a.file.read(a.stored), b.file.read(b.stored)];
    return x.every((value, i) => Object.is(value, y[i]));
  }
  const [from, to] = [a.file.locate(a.stored), b.file.locate(b.stored)];
  const bytes = bytesOf[dtype as keyof typeof bytesOf] * shape.reduce((size, length) => size * length, 1);
  const [x, y] = [Buffer.alloc(Math.min(bytes, chunkBytes)), Buffer.alloc(Math.min(bytes, chunkBytes))];
  for (let at = 0; at < bytes; at += chunkBytes) {
    const length = Math.min(chunkBytes, bytes - at);
    readSync(from.descriptor, x, 0, length, from.position + at);
    readSync(to.descriptor, y, 0, length, to.position + at);
    if (x.compare(y, 0, length, 0, length) !== 0) return false;
  }
  return true;
}

/** Bytes of a value, by number format. */
const bytesOf = { F64: 8, F32: 4, F16: 2, BF16: 2 };
