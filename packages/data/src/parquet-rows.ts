import { open } from "node:fs/promises";
import type { ColumnData, FileMetaData, SchemaTree } from "hyparquet";

/** A row of a table under the names of its columns. */
export type ParquetRow = Record<string, unknown>;

export interface ParquetOptions {
  /** Reads these columns alone; default all. */
  columns?: readonly string[];
}

/** Bytes of values that are read at once, so that a row group of a whole table is not held. */
const sliceBytes = 128 * 1024 * 1024;

/** Rows that are made of them at once. */
const batchRows = 5000;

/**
 * Yields the rows of a parquet file, a row group at a time, or of a large one a part. 64-bit integers are numbers, or texts beyond
 * 2^53 - 1; texts are texts, other bytes bytes, dates `Date`s, and what a row has not is null.
 *
 * @throws {Error} If it cannot be read, or is no parquet file.
 */
export async function* parquetRowGroups(
  path: string,
  options: ParquetOptions = {},
): AsyncGenerator<ParquetRow[], void, void> {
  const [{ asyncBufferFromFile, parquetRead, parquetSchema }, { compressors }] = await Promise.all([
    import("hyparquet"),
    import("hyparquet-compressors"),
  ]);
  const [file, metadata] = await Promise.all([asyncBufferFromFile(path), parquetMetadata(path)]);
  const names = options.columns ?? parquetSchema(metadata).children.map(({ element }) => element.name);
  if (names.length === 0) throw new RangeError("the table has no column");
  for (const { rowStart, rowEnd } of slicesOf(metadata)) {
    const columns: [name: string, values: ArrayLike<unknown>][] = [];
    for (const column of names) {
      const values: unknown[] = []; // not of that length at once: a damaged file may claim billions of rows
      let filled = 0;
      const onChunk = ({ columnData, rowStart: start }: ColumnData) => {
        const [from, to] = [Math.max(start, rowStart), Math.min(start + columnData.length, rowEnd)];
        for (let row = from; row < to; row += 1) values[row - rowStart] = columnData[row - start];
        filled += Math.max(0, to - from);
      };
      const range = { columns: [column], rowStart, rowEnd, useOffsetIndex: true };
      await parquetRead({ file, metadata, compressors, utf8: false, ...range, onChunk });
      if (filled !== rowEnd - rowStart)
        throw new RangeError(`column ${column} has ${filled} values for ${rowEnd - rowStart} rows`);
      columns.push([column, values]);
    }
    for (let from = 0; from < rowEnd - rowStart; from += batchRows) {
      const length = Math.min(batchRows, rowEnd - rowStart - from);
      yield Array.from({ length }, (_, i) =>
        Object.fromEntries(columns.map(([name, values]) => [name, plain(values[from + i])])),
      );
    }
  }
}

/** Row groups, the large ones in parts. */
function* slicesOf({ row_groups }: FileMetaData): Generator<{ rowStart: number; rowEnd: number }> {
  let groupStart = 0;
  for (const { num_rows, total_byte_size } of row_groups) {
    const groupEnd = groupStart + Number(num_rows);
    const slices = Math.max(1, Math.ceil(Number(total_byte_size) / sliceBytes));
    const rows = Math.max(1, Math.ceil(Number(num_rows) / slices));
    for (let rowStart = groupStart; rowStart < groupEnd; rowStart += rows)
      yield { rowStart, rowEnd: Math.min(rowStart + rows, groupEnd) };
    groupStart = groupEnd;
  }
}

/** The columns of a parquet file, and how many rows it has; its rows are not read. */
export async function parquetShape(path: string): Promise<{ columns: string[]; rows: number }> {
  const { parquetSchema } = await import("hyparquet");
  const metadata = await parquetMetadata(path);
  const columns = parquetSchema(metadata).children.map(({ element }) => element.name);
  return { columns, rows: Number(metadata.num_rows) };
}

/**
 * The table of contents at the end of the file. Its row groups must have the columns of its schema: hyparquet reads what is left of
 * others in promises that nobody awaits, and their failure would end the process.
 */
async function parquetMetadata(path: string): Promise<FileMetaData> {
  const { asyncBufferFromFile, parquetMetadataAsync, parquetSchema } = await import("hyparquet");
  const metadata = await parquetMetadataAsync(await asyncBufferFromFile(path));
  const leaves = JSON.stringify(leafPaths(parquetSchema(metadata)));
  for (const { columns } of metadata.row_groups) {
    const paths = columns.map(({ meta_data }) => meta_data?.path_in_schema);
    if (JSON.stringify(paths) !== leaves) throw new RangeError("a row group has other columns than the table");
  }
  return metadata;
}

function leafPaths({ path, children }: SchemaTree): string[][] {
  return children.length === 0 ? [path] : children.flatMap(leafPaths);
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
