/** Where a row stands: a line of text, or a row of a table, from 1. */
export interface RowPlace {
  file: string;
  line: number;
}

/** One output of a model, and all that tells which question it answers. */
export interface OutputRow {
  place: RowPlace;
  /** What the model said; undefined if it failed. */
  output: string | undefined;
  /** Why it failed. */
  reason?: string;
  benchmark?: string;
  /** The item's id, or the official file's for it. */
  id?: string;
  /** Fields of the official record under their own names, as texts. */
  fields: Readonly<Record<string, string>>;
  /** The task of all rows of the file, as the harness spells it. */
  task?: string;
  /** The record's place in that task, from 0. */
  position?: number;
  /** The question, or a prompt that holds it. */
  question?: string;
}

export type JsonRecord = Readonly<Record<string, unknown>>;

export const isJsonRecord = (value: unknown): value is JsonRecord =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The fields that are texts or numbers, as texts. */
export function textFields(record: JsonRecord): Record<string, string> {
  return Object.fromEntries(
    Object.entries(record).flatMap(([key, value]) =>
      typeof value === "string" || typeof value === "number" ? [[key, String(value)]] : [],
    ),
  );
}
