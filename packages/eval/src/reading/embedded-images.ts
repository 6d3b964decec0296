import { createHash, randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ParquetRow } from "@videor1/data";
import { isRecord } from "../official-file.ts";

/** Where images that a table holds as bytes are put, beside the table's folder. */
export const imagesFolder = "extracted-images";

/**
 * Writes the images that rows hold as `{bytes, path}`, each once, and puts their paths in the place of the bytes: of two rows
 * with one image both name one file. An image whose row names a file of `base` besides, as MathVista's do, is not written.
 *
 * @returns the rows, free of bytes; an image that is null stays null.
 */
export async function extractImages(base: string, rows: readonly ParquetRow[]): Promise<ParquetRow[]> {
  const made: ParquetRow[] = [];
  for (const row of rows) {
    const entries: [string, unknown][] = [];
    for (const [field, value] of Object.entries(row)) {
      const bytes = imageBytes(value);
      if (bytes === undefined) entries.push([field, value]);
      else entries.push([field, isOnDisk(base, row) ? null : await extract(base, bytes)]);
    }
    made.push(Object.fromEntries(entries));
  }
  return made;
}

function imageBytes(value: unknown): Uint8Array | undefined {
  return isRecord(value) && value.bytes instanceof Uint8Array ? value.bytes : undefined;
}

const isOnDisk = (base: string, { image }: ParquetRow): boolean =>
  typeof image === "string" && !image.includes("..") && existsSync(join(base, image));

/** Named by its content, so that the name is safe, and one that is there is right: it is renamed once it is whole. */
async function extract(base: string, bytes: Uint8Array): Promise<string> {
  const name = createHash("sha256").update(bytes).digest("hex").slice(0, 32);
  const path = `${imagesFolder}/${name}.${extensionOf(bytes)}`;
  const file = join(base, path);
  if (existsSync(file)) return path;
  const partial = `${file}.${randomUUID()}.partial`;
  try {
    await mkdir(join(base, imagesFolder), { recursive: true });
    await writeFile(partial, bytes);
    await rename(partial, file);
  } catch (cause) {
    throw new Error(`its images cannot be written beside it, to ${imagesFolder}: ${(cause as Error).message}`, {
      cause,
    });
  }
  return path;
}

/** First bytes of a format -> how its files are called. */
const signatures: readonly [readonly number[], string][] = [
  [[0xff, 0xd8, 0xff], "jpg"],
  [[0x89, 0x50, 0x4e, 0x47], "png"],
  [[0x47, 0x49, 0x46, 0x38], "gif"],
  [[0x52, 0x49, 0x46, 0x46], "webp"],
];

function extensionOf(bytes: Uint8Array): string {
  const known = signatures.find(([signature]) => signature.every((byte, i) => bytes[i] === byte));
  return known?.[1] ?? "bin";
}
