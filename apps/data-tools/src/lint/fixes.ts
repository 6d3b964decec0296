import type { FoundAt, LintRecord } from "@videor1/curation";
import { refuseOtherOutput } from "../files/output-there.ts";
import { createRecordWriter } from "../files/record-writer.ts";

/** What was mended. */
export interface FixReport {
  output: string;
  /** Records written, and those of them that were changed. */
  written: number;
  changed: number;
  /** Records that a code's fix changed, and the first of them. */
  codes: { code: string; count: number; records: FoundAt[] }[];
}

export interface FixesOptions {
  /** The files that are read. */
  files: readonly string[];
  overwrite: boolean;
  /** Records of a code that are listed. */
  most: number;
}

/**
 * Writes the mended records and lists what was changed.
 *
 * @throws {OutputThereError} If the file is there and may not be replaced, or is one that is read.
 */
export function createFixes(output: string, { files, overwrite, most }: FixesOptions) {
  refuseOtherOutput(output, files, { overwrite, isOwn: () => false });
  const writer = createRecordWriter(output);
  const codes = new Map<string, { code: string; count: number; records: FoundAt[] }>();
  let changed = 0;
  return {
    add({ id, place }: LintRecord, fixed: readonly string[]): void {
      changed += 1;
      for (const code of fixed) {
        const entry = codes.get(code) ?? { code, count: 0, records: [] };
        codes.set(code, entry);
        entry.count += 1;
        if (entry.records.length < most) entry.records.push({ id, place, note: "" });
      }
    },
    /** What is no object is written as well: nothing is lost. */
    write: (fields: unknown): void => writer.write(fields as object),
    finish(): FixReport {
      writer.finish();
      return { output, written: writer.count, changed, codes: [...codes.values()] };
    },
    discard: (): void => writer.discard(),
  };
}
