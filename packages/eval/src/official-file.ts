/** What the place of a record says of it: the file's name, or the keys that it is nested under. */
export type Facts = Readonly<Record<string, unknown>>;

/** A record as it is in an official file, not yet checked. */
export interface FoundRow {
  record: unknown;
  /** Keys or position inside the file, for messages: `kt00/action/0`, or an index. */
  at: string | number;
  facts: Facts;
}

/** Contents by name, parsed: rows of a table as an array, JSON as it is. */
export type OfficialContents = Readonly<Record<string, unknown>>;

/** A file of a benchmark's official release. */
export interface OfficialFile {
  /** Its names in the releases, by preference; the first one that is there is read. */
  names: readonly [string, ...string[]];
  /** It adds facts to the records of other files and has none of its own; it may be absent. */
  factsOnly?: true;
  /** The task whose records it holds, if it holds one task's alone. */
  task?: string;
  /** The records in the order of the file. */
  rows: (content: unknown, contents: OfficialContents) => FoundRow[];
}

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The records of a table, all with the same facts. @throws {TypeError} If the content is not an array. */
export function tableRows(content: unknown, facts: Facts = {}): FoundRow[] {
  if (!Array.isArray(content)) throw new TypeError("is not a table: an array of records");
  return content.map((record, at) => ({ record, at, facts }));
}

/** The values of an object by key, e.g. `{"0": {…}, "1": {…}}`. @throws {TypeError} If it is none. */
export function entriesOf(content: unknown): [string, unknown][] {
  if (!isRecord(content)) throw new TypeError("is not an object of records by key");
  return Object.entries(content);
}

/** A file that is one table. */
export const tableFile = (...names: [string, ...string[]]): OfficialFile => ({
  names,
  rows: (content) => tableRows(content),
});
