/**
 * Where a field's value is from: a column by its name (`a.b` is the field b of the column a), several columns as a list, a constant,
 * or a text with columns in braces.
 */
export type FieldSource =
  | string
  | readonly string[]
  | ValueSource<{ column: string }>
  | ValueSource<{ columns: readonly string[] }>
  | ValueSource<{ constant: unknown }>
  | ValueSource<{ template: string }>;

type ValueSource<Kind> = Kind & {
  /** Splits a text into a list. */
  separator?: string | undefined;
  /** What the column says -> what the record says; other values stay. */
  values?: Readonly<Record<string, string | number | boolean>> | undefined;
};

/** How an answer names its option: by letter, by number from 0 or from 1, by its text, or any of them where they agree. */
export const answerKinds = ["auto", "letter", "index0", "index1", "text"] as const;
export type AnswerKind = (typeof answerKinds)[number];

/** Of each field of a record where it is from. Columns that no field takes are kept under their own names. */
export interface Mapping {
  fields: Readonly<Record<string, FieldSource>>;
  answerIs?: AnswerKind | undefined;
}

/** Why a row gives no record. */
export class MappingFault extends Error {
  override readonly name = "MappingFault";
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

export type Row = Readonly<Record<string, unknown>>;

/** The values of a row for a mapping's fields, blank ones left out, and the names of the columns that were taken. */
export function mappedFields(row: Row, { fields }: Mapping): { values: Record<string, unknown>; taken: Set<string> } {
  const taken = new Set<string>();
  const values: Record<string, unknown> = {};
  for (const [field, source] of Object.entries(fields)) {
    const value = valueFrom(row, source, taken);
    if (!isBlank(value)) values[field] = value;
  }
  return { values, taken };
}

/** Null, or a text of white space. */
export const isBlank = (value: unknown): boolean =>
  value === undefined || value === null || (typeof value === "string" && value.trim() === "");

function valueFrom(row: Row, source: FieldSource, taken: Set<string>): unknown {
  const take = (column: string) => columnOf(row, column, taken);
  if (typeof source === "string") return take(source);
  if (isList(source)) return listOf(source.map(take));
  const value =
    "column" in source
      ? take(source.column)
      : "columns" in source
        ? listOf(source.columns.map(take))
        : "constant" in source
          ? source.constant
          : source.template.replace(/\{([^{}]+)\}/g, (_, column: string) => textOf(take(column)));
  const { separator, values } = source;
  const parts = separator !== undefined && typeof value === "string" ? partsOf(value, separator) : value;
  if (values === undefined) return parts;
  const changed = (held: unknown) => (Object.hasOwn(values, textOf(held)) ? values[textOf(held)] : held);
  return Array.isArray(parts) ? parts.map(changed) : changed(parts);
}

/** A blank text has no parts. */
const partsOf = (text: string, separator: string): string[] => (isBlank(text) ? [] : text.split(separator));

const isList = (source: FieldSource): source is readonly string[] => Array.isArray(source);

/** Empty cells behind the last full one are none. */
function listOf(values: readonly unknown[]): unknown {
  const end = values.findLastIndex((value) => !isBlank(value)) + 1;
  return end === 0 ? undefined : values.slice(0, end);
}

function columnOf(row: Row, column: string, taken: Set<string>): unknown {
  if (Object.hasOwn(row, column)) {
    taken.add(column);
    return row[column];
  }
  const [first, ...rest] = column.split(".");
  if (rest.length === 0 || !Object.hasOwn(row, first!)) return undefined;
  taken.add(first!);
  return rest.reduce<unknown>(
    (held, name) =>
      typeof held === "object" && held !== null && Object.hasOwn(held, name) ? (held as Row)[name] : undefined,
    row[first!],
  );
}

const textOf = (value: unknown): string =>
  value === null || value === undefined ? "" : typeof value === "object" ? JSON.stringify(value) : String(value);
