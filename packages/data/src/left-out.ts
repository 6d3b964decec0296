import { DatasetError, type RecordError } from "./errors.ts";
import type { DataOptions } from "./options.ts";

/** What became of a file's records. */
interface ReadCounts {
  valid: number;
  invalid: readonly RecordError[];
  dataType: DataOptions["dataType"];
  /** Of the valid ones, those of the data type. */
  taken: number;
}

/**
 * Lines that count the records left out and name the first invalid ones; none if none is.
 *
 * @throws {DatasetError} If no record is left.
 */
export function leftOutLines(file: string, { valid, invalid, dataType, taken }: ReadCounts): string[] {
  if (valid === 0) {
    const reason = `none of its ${invalid.length} records is valid; the first: ${invalid[0]!.message}`;
    throw new DatasetError("DATASET_EMPTY", { file, reason, hint: "Check that it is a file of Video-R1's records." });
  }
  if (taken === 0) {
    const reason = `none of its ${valid} valid records is of the data type "${dataType}"`;
    throw new DatasetError("DATASET_EMPTY", { file, reason, hint: "Check data.dataType." });
  }
  const others = `${file}: ${taken} of ${valid} records are of the data type "${dataType}"; the others are left out`;
  return [...invalidLines(file, invalid, valid), ...(taken < valid ? [others] : [])];
}

/** Invalid records named one by one, at most; a file of another kind has thousands. */
const mostNamed = 20;

function invalidLines(file: string, invalid: readonly RecordError[], valid: number): string[] {
  if (invalid.length === 0) return [];
  const unnamed = invalid.length - mostNamed;
  return [
    `${file}: ${invalid.length} of ${invalid.length + valid} records break the record rules and are left out`,
    ...invalid.slice(0, mostNamed).map(({ message }) => `  ${message}`),
    ...(unnamed > 0 ? [`  and ${unnamed} more`] : []),
  ];
}
