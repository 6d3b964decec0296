import { isDeepStrictEqual } from "node:util";
import { readRecords } from "@videor1/data";
import { LedgerError, openLedger } from "../check/ledger.ts";
import { refuseOtherOutput } from "../files/output-there.ts";
import { createRecordWriter } from "../files/record-writer.ts";
import { recordsFiles } from "../media/survey.ts";

export interface QuarantineOptions {
  records: readonly string[];
  ledger: string;
  /** The kept records. */
  output: string;
  /** The failing ones. */
  quarantined: string;
  overwrite: boolean;
  signal: AbortSignal;
}

/** `read` = `kept` + the sum of `moved`. */
export interface Quarantined {
  read: number;
  kept: number;
  /** Code -> records. */
  moved: Record<string, number>;
}

/**
 * Writes the records that the ledger calls fine into `output`, and the others into `quarantined`, each with the fields
 * `quarantine_code`, `quarantine_reason` and, where there is one, `quarantine_hint`. Each file appears whole, once all of both is on the disk.
 *
 * @throws {LedgerError} If the ledger is of other records, or not whole. @throws {OutputThereError} If an output is there.
 */
export async function quarantineRecords(options: QuarantineOptions): Promise<Quarantined> {
  const { records, output, quarantined, overwrite, signal } = options;
  for (const path of [output, quarantined])
    refuseOtherOutput(path, [...records, options.ledger], { overwrite, isOwn: () => false });
  const ledger = await openLedger(options.ledger);
  const hashes = (files: { sha256: string }[]) => files.map(({ sha256 }) => sha256);
  if (!isDeepStrictEqual(hashes(await recordsFiles(records)), hashes(ledger.head.files))) {
    await ledger.close();
    const of = ledger.head.files.map(({ name }) => name).join(", ");
    const hint = "Check these records first: videor1-data check <records>.";
    throw new LedgerError("LEDGER_OTHER", options.ledger, `is of other records (${of}, by their hash)`, hint);
  }
  const keep = createRecordWriter(output);
  const move = createRecordWriter(quarantined);
  const counts: Quarantined = { read: 0, kept: 0, moved: {} };
  try {
    for (const file of records)
      for await (const { record } of readRecords(file)) {
        signal.throwIfAborted();
        const { failed } = await ledger.next();
        counts.read += 1;
        if (failed) {
          const { code, message, hint } = failed;
          const reason = { quarantine_code: code, quarantine_reason: message, ...(hint && { quarantine_hint: hint }) };
          move.write({ ...fieldsOf(record), ...reason });
          counts.moved[code] = (counts.moved[code] ?? 0) + 1;
        } else {
          keep.write(record as object);
          counts.kept += 1;
        }
      }
    await ledger.end();
    for (const writer of [move, keep]) writer.seal(); // all of both is on the disk before the first appears
    for (const writer of [move, keep]) writer.finish();
  } finally {
    await ledger.close();
    move.discard();
    keep.discard();
  }
  return counts;
}

/** The fields of a record; what is none stands as `record`. */
function fieldsOf(record: unknown): object {
  const isObject = typeof record === "object" && record !== null && !Array.isArray(record);
  return isObject ? record : { record };
}
