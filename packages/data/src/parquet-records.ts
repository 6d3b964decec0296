import { DatasetError } from "./errors.ts";
import { parquetRowGroups } from "./parquet-rows.ts";

/**
 * Yields the rows of a parquet file as JSON would hold them: what is null in a row or in a struct is absent, as the record that
 * a table was made of had it; dates are ISO texts; bytes are texts, or base64 where they are no UTF-8.
 *
 * @throws {DatasetError} If the file is no parquet, is cut short, or uses what the reader does not know.
 */
export async function* parquetRecords(file: string): AsyncGenerator<{ record: unknown }> {
  try {
    for await (const rows of parquetRowGroups(file)) for (const row of rows) yield { record: asJson(row) };
  } catch (cause) {
    const reason = `no parquet file, or a damaged one: ${(cause as Error).message}`;
    const hint = "Download the file again; one cut short has no table of contents at its end.";
    throw new DatasetError("DATASET_BROKEN", { file, reason, hint }, { cause });
  }
}

function asJson(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(asJson);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (value instanceof Uint8Array) return textOf(value);
  if (typeof value !== "object" || value === null) return value;
  const present = Object.entries(value).filter(([, held]) => held !== null);
  return Object.fromEntries(present.map(([key, held]) => [key, asJson(held)]));
}

const utf8 = new TextDecoder("utf-8", { fatal: true });

function textOf(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    return Buffer.from(bytes).toString("base64");
  }
}
