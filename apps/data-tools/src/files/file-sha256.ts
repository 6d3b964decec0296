import { createHash } from "node:crypto";
import { open } from "node:fs/promises";
import { DatasetError } from "@videor1/data";

/**
 * SHA-256 of a file's bytes in hex, as `sha256sum` prints it.
 *
 * @throws {DatasetError} `DATASET_NOT_FOUND` if it cannot be read.
 */
export async function fileSha256(file: string): Promise<string> {
  const hash = createHash("sha256");
  try {
    const handle = await open(file);
    try {
      const chunk = Buffer.allocUnsafe(1 << 20);
      for (;;) {
        const { bytesRead } = await handle.read(chunk);
        if (bytesRead === 0) return hash.digest("hex");
        hash.update(chunk.subarray(0, bytesRead));
      }
    } finally {
      await handle.close();
    }
  } catch (cause) {
    const reason = `cannot be read: ${(cause as Error).message}`;
    throw new DatasetError("DATASET_NOT_FOUND", { file, reason, hint: "Check the path." }, { cause });
  }
}
