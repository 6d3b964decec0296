import type { RecordPlace } from "@videor1/data";

/** What is counted of a conversion. */
export interface Tally {
  rows: number;
  /** Candidates: one a row, of a conversation one a question. */
  candidates: number;
  written: number;
  /** Reason -> how many, and the first of them. */
  rejected: Map<string, { count: number; first: string }>;
  notes: Map<string, number>;
  problemTypes: Map<string, number>;
  ids: Set<string>;
  doubleIds: Map<string, number>;
}

export const emptyTally = (): Tally => ({
  rows: 0,
  candidates: 0,
  written: 0,
  rejected: new Map(),
  notes: new Map(),
  problemTypes: new Map(),
  ids: new Set(),
  doubleIds: new Map(),
});

export function countOne(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

export function countId({ ids, doubleIds }: Tally, id: number | string): void {
  const text = String(id);
  if (ids.has(text)) doubleIds.set(text, (doubleIds.get(text) ?? 1) + 1);
  else ids.add(text);
}

/** Rows and questions that gave no record. */
export const rejectedCount = ({ rejected }: Tally): number =>
  [...rejected.values()].reduce((sum, { count }) => sum + count, 0);

/** `questions.csv, line 3 (id a): why`. */
export function atPlace({ file, line, index }: RecordPlace, id: unknown, message: string): string {
  const where = line === undefined ? `record ${index}` : `line ${line}`;
  const isKnown = typeof id === "string" || (typeof id === "number" && Math.abs(id) <= Number.MAX_SAFE_INTEGER); // else rounded
  const who = isKnown ? ` (id ${id})` : "";
  return `${file}, ${where}${who}: ${message}`;
}
