import type { Example, RecordPlace } from "@videor1/data";

/** A record of a data set: its fields as its file has them, and what training reads of them. */
export interface DataRecord {
  /** All fields, unknown ones too: what a tool writes is this record, changed in nothing but what it is for. */
  fields: Readonly<Record<string, unknown>>;
  example: Example;
  place: RecordPlace;
}
