import type { RecordPlace } from "@videor1/data";
import type { Rules } from "@videor1/rewards";
import type { LintRecord } from "./lint-record.ts";
import type { Others } from "./others.ts";

/** error: the record cannot train as it is, or what is measured on it is not true. warning: look at it. info: good to know. */
export type Level = "error" | "warning" | "info";

/** What a code means. */
export interface Code {
  /** Stable: scripts may name it. */
  code: string;
  level: Level;
  /** What is wrong, after the number of records: "have two options with the same letter". */
  about: string;
  /** What to do. */
  remedy: string;
  /** What a fix changes, and why that is safe; absent where none is. */
  fixes?: string;
}

export interface CheckOptions {
  rules: Rules;
  /** Characters from which a text is long. */
  longText: number;
  /** Seeds the folds of cross-validation. */
  seed: number;
  /** Data sets that must not share anything with this one. */
  others?: Others | undefined;
}

/** A check of records one by one, or of all of them. */
export interface Check extends Code {
  /** Begins a pass over a data set. */
  start(options: CheckOptions): Pass;
  /** Fields to change so that the record no longer has the fault, without changing what it says; undefined if there is nothing to mend. */
  fix?(record: LintRecord): Readonly<Record<string, unknown>> | undefined;
}

export interface Pass {
  /** What is wrong with this record; undefined if nothing is. */
  add(record: LintRecord): string | undefined;
  /** What is wrong with groups of records, once all are known. */
  finish?(): GroupFinding[];
}

/** What was measured on the records of one source and type, or on one medium. */
export interface GroupFinding {
  /** Such as "CLEVRER, numerical". */
  group: string;
  note: string;
  records: number;
  /** Numbers behind the note. */
  values: Readonly<Record<string, number | string>>;
}

/** A record that has a fault. */
export interface FoundAt {
  id: number | string | undefined;
  place: RecordPlace;
  note: string;
}

/** All that was found of one code. */
export interface Finding extends Code {
  /** Records, or groups of them. */
  count: number;
  /** The first records, in the order of the files. */
  records: FoundAt[];
  groups: GroupFinding[];
}

/** A check that looks at one record alone. */
export function recordCheck(
  code: Code & Pick<Check, "fix">,
  find: (record: LintRecord, options: CheckOptions) => string | undefined,
): Check {
  return { ...code, start: (options) => ({ add: (record) => find(record, options) }) };
}
