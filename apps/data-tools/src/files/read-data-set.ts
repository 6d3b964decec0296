import type { DataRecord } from "@videor1/curation";
import { parseRecord, RecordError, type RecordPlace, readRecords } from "@videor1/data";
import type { Rules } from "@videor1/rewards";

/** A record that breaks the record rules. */
export interface InvalidRecord {
  fields: unknown;
  place: RecordPlace;
  error: RecordError;
}

/** Every record of a data set's files ends in one of the two. */
export type ReadRecord = { record: DataRecord; invalid?: never } | { record?: never; invalid: InvalidRecord };

/**
 * Yields the records of a data set's files one by one, in their order; none is held.
 *
 * @throws {DatasetError} As `readRecords`, if a file is absent, broken or empty.
 */
export async function* readDataSet(files: string | readonly string[], rules: Rules): AsyncGenerator<ReadRecord> {
  for (const file of [files].flat())
    for await (const { record: fields, place } of readRecords(file)) {
      try {
        const example = parseRecord(fields, place, rules);
        yield { record: { fields: fields as Record<string, unknown>, example, place } };
      } catch (error) {
        if (!(error instanceof RecordError)) throw error;
        yield { invalid: { fields, place, error } };
      }
    }
}
