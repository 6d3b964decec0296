import type { Reading } from "../src/index.ts";

/** What the real code gave for a changed output, as golden/foreign-scorers.json and official-scorers.json have it. */
export type ChangedCell = [score: number | null, extracted: unknown, status: string];

/** A reading in the form of a recorded cell. */
export const cellOf = ({ score, extracted = null, status }: Reading): ChangedCell => [score, extracted, status ?? "ok"];

/** Scores to 1e-9; an answer only where the real code tells one, and of a list its characters, as its order is a set's. */
export function comparable([score, extracted, status]: ChangedCell, [, wanted]: ChangedCell): ChangedCell {
  const text = JSON.stringify(extracted, (_, value) => (typeof value === "number" ? pythonText(value) : value));
  const answer = wanted === null ? null : [...text].toSorted().join("");
  return [score === null ? null : Math.round(score * 1e9) / 1e9, answer, status];
}

const pythonText = (value: number): number | string =>
  Number.isFinite(value) ? value : String(value).toLowerCase().replace("infinity", "inf");
