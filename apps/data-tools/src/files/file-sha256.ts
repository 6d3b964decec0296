import { DatasetError, fileHash } from "@videor1/data";

/**
 * SHA-256 of a file's bytes in hex, as `sha256sum` prints it.
 *
 * @throws {DatasetError} `DATASET_NOT_FOUND` if it cannot be read.
 */
export async function fileSha256(file: string): Promise<string> {
  try {
    return await fileHash(file);
  } catch (cause) {
    const reason = `cannot be read: ${(cause as Error).message}`;
    throw new DatasetError("DATASET_NOT_FOUND", { file, reason, hint: "Check the path." }, { cause });
  }
}
