import { closeSync, openSync, readSync } from "node:fs";
import { crc32 } from "node:zlib";

const chunkBytes = 4 * 2 ** 20;

/** A CRC-32 as 8 hexadecimal digits. */
export const checksumText = (sum: number): string => sum.toString(16).padStart(8, "0");

/** CRC-32 of a file's content, as 8 hexadecimal digits; read in parts, so files of any size. It finds damage, not forgery. */
export function fileChecksum(path: string): string {
  const chunk = Buffer.allocUnsafe(chunkBytes);
  const file = openSync(path, "r");
  try {
    let sum = 0;
    for (let count = readSync(file, chunk); count > 0; count = readSync(file, chunk))
      sum = crc32(chunk.subarray(0, count), sum);
    return checksumText(sum);
  } finally {
    closeSync(file);
  }
}
