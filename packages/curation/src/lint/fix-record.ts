import type { Check } from "./check.ts";
import type { LintRecord } from "./lint-record.ts";

/** A record after fixes, and the codes of those that changed it. */
export interface FixedRecord {
  record: LintRecord;
  codes: string[];
}

/**
 * Applies the fixes of checks in their order, each to what the earlier ones left.
 *
 * @param reread - The record of changed fields.
 */
export function fixRecord(
  record: LintRecord,
  checks: readonly Check[],
  reread: (fields: Readonly<Record<string, unknown>>) => LintRecord,
): FixedRecord {
  const codes: string[] = [];
  let fixed = record;
  for (const { code, fix } of checks) {
    const changes = fix?.(fixed);
    if (changes === undefined) continue;
    fixed = reread({ ...fixed.fields, ...changes });
    codes.push(code);
  }
  return { record: fixed, codes };
}
