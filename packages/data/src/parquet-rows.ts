import { open } from "node:fs/promises";
import type { FileMetaData } from "hyparquet";

/** A row of a table under the names of its columns. */
export type ParquetRow = Record<string, unknown>;

export interface ParquetOptions {
  /** Reads these columns alone; default all. */
  columns?: readonly string[];
}

/** Bytes of values that are read at once, so that a row group of a whole table is not held. */
const sliceBytes = 128 * 1024 * 1024;

/**
 * Yields the rows of a parquet file, a row group at a time, or of a large one a part. 64-bit integers are numbers, or texts beyond
 * 2^53 - 1; texts are texts, other bytes bytes, dates `Date`s, and what a row has not is null.
 *
 * @throws {Error} If it cannot be read, or is no parquet file.
 */
export async function* parquetRowGroups(
  path: string,
  { columns }: ParquetOptions = {},
): AsyncGenerator<ParquetRow[], void, void> {
  const [{ asyncBufferFromFile, parquetReadObjects }, { compressors }] = await Promise.all([
    import("hyparquet"),
    import("hyparquet-compressors"),
  ]);
  const [file, metadata] = await Promise.all([asyncBufferFromFile(path), parquetMetadata(path)]);
  const chosen = columns === undefined ? {} : { columns: [...columns] };
  let groupStart = 0;
  for (const { num_rows, total_byte_size } of metadata.row_groups) {
    const groupEnd = groupStart + Number(num_rows);
    const slices = Math.max(1, Math.ceil(Number(total_byte_size) / sliceBytes));
    const sliceRows = Math.max(1, Math.ceil(Number(num_rows) / slices));
    for (let rowStart = groupStart; rowStart < groupEnd; rowStart += sliceRows) {
      const rowEnd = Math.min(rowStart + sliceRows, groupEnd);
      const range = { rowStart, rowEnd, useOffsetIndex: slices > 1 };
      const rows = await parquetReadObjects({ file, metadata, compressors, utf8: false, ...range, ...chosen });
      yield rows.map((row) => plain(row) as ParquetRow);
    }
    groupStart = groupEnd;
  }
}

/** Names of a parquet file's columns. */
export async function parquetColumns(path: string): Promise<string[]> {
  const { parquetSchema } = await import("hyparquet");
  return parquetSchema(await parquetMetadata(path)).children.map(({ element }) => element.name);
}

async function parquetMetadata(path: string): Promise<FileMetaData> {
  const { asyncBufferFromFile, parquetMetadataAsync } = await import("hyparquet");
  return await parquetMetadataAsync(await asyncBufferFromFile(path));
}

/** Whether the file begins as parquet files do. */
export async function isParquet(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(4), 0, 4, 0);
    return bytesRead === 4 && buffer.toString("latin1") === "PAR1";
  } finally {
    await file.close();
  }
}

function plain(value: unknown): unknown {
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (value === undefined) return null;
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null || value instanceof Uint8Array || value instanceof Date) return value;
  if (ArrayBuffer.isView(value)) return Array.from(value as unknown as Iterable<unknown>, plain);
  return Object.fromEntries(Object.entries(value).map(([key, held]) => [key, plain(held)]));
}
