import type { Check, CheckOptions, Finding, FoundAt, GroupFinding } from "./check.ts";
import type { LintRecord } from "./lint-record.ts";

export interface LinterOptions extends CheckOptions {
  /** Records of a code that are listed; all are counted. */
  most: number;
}

/** A pass of checks over a data set. */
export interface Linter {
  add(record: LintRecord): void;
  /** What was found, in the order of the checks; a check that found nothing is left out. */
  finish(): Finding[];
}

/** Begins a pass of these checks. */
export function createLinter(checks: readonly Check[], options: LinterOptions): Linter {
  const passes = checks.map(({ start, fix: _, ...code }) => ({
    code,
    pass: start(options),
    found: { count: 0, records: [] as FoundAt[] },
  }));
  return {
    add(record) {
      for (const { pass, found } of passes) {
        const note = pass.add(record);
        if (note === undefined) continue;
        found.count += 1;
        if (found.records.length < options.most) found.records.push({ id: record.id, place: record.place, note });
      }
    },
    finish: () =>
      passes.flatMap(({ code, pass, found }): Finding[] => {
        const groups: GroupFinding[] = pass.finish?.() ?? [];
        const count = found.count + groups.length;
        return count === 0 ? [] : [{ ...code, count, records: found.records, groups }];
      }),
  };
}
