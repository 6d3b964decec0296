import { existsSync, rmSync } from "node:fs";
import { countOrderWords, readThought, type ThoughtFault, thoughtFaults, trainingRecord } from "@videor1/curation";
import { countReflections } from "@videor1/eval";
import { loadAccuracyOptions, RewardOptions } from "@videor1/rewards/options";
import { readDataSet } from "../files/read-data-set.ts";
import { createRecordWriter, type RecordWriter } from "../files/record-writer.ts";
import type { FilterConfig } from "./config.ts";

/** What became of annotated records. `read` = `kept` + `dropped`. */
export interface Filtered {
  output: string;
  read: number;
  kept: number;
  dropped: number;
  /** Of the dropped ones, by the first code of each. */
  droppedBy: Record<string, number>;
  /** File of the dropped ones, each with all its reasons; null if there are none. */
  droppedFile: string | null;
  /** Of the kept ones: how many have thinking that says when or in what order, and that takes another look. */
  orderTalk: number;
  reflecting: number;
}

/** Why a record is dropped: a fault of its thought, or of the record. */
type Reason = ThoughtFault | { code: "RECORD_INVALID" | "SPARE_SAMPLE"; reason: string };

/**
 * Writes the records whose thoughts are as the config asks, in their order, as training reads them; and the others to
 * `<output>.dropped.jsonl`, as they were, each with all reasons as `dropped`.
 *
 * @param beforeOutput - Called when all else is written and the output is about to appear.
 */
export async function filterRecords(
  config: FilterConfig,
  signal: AbortSignal,
  beforeOutput: () => void,
): Promise<Filtered> {
  const { records, output, rules, perRecord = Number.POSITIVE_INFINITY } = config;
  const optionsOf = await loadAccuracyOptions(rules, RewardOptions.parse({}));
  const droppedFile = `${output}.dropped.jsonl`;
  const writer = createRecordWriter(output);
  let dropped: RecordWriter | undefined;
  const droppedBy: Record<string, number> = {};
  const counts = { read: 0, orderTalk: 0, reflecting: 0 };
  const keptOf = samplesKept();
  const drop = (fields: unknown, reasons: readonly [Reason, ...Reason[]]) => {
    droppedBy[reasons[0].code] = (droppedBy[reasons[0].code] ?? 0) + 1;
    dropped ??= createRecordWriter(droppedFile);
    dropped.write({ ...(Object(fields) as object), dropped: reasons });
  };
  try {
    for await (const { record, invalid } of readDataSet(records, rules)) {
      signal.throwIfAborted();
      counts.read += 1;
      if (invalid !== undefined) {
        drop(invalid.fields, [{ code: invalid.error.code, reason: invalid.error.message }]);
        continue;
      }
      const { fields, example } = record;
      const thought = readThought(record, optionsOf({ options: example.options }));
      const [fault, ...others] = thoughtFaults(thought, example, config, countReflections);
      if (fault !== undefined) {
        drop(fields, [fault, ...others]);
        continue;
      }
      if (keptOf(fields.sample_of) > perRecord) {
        drop(fields, [{ code: "SPARE_SAMPLE", reason: `${perRecord} of its record's samples are kept already` }]);
        continue;
      }
      writer.write(trainingRecord(record, thought, config));
      if (countOrderWords(thought.thinking) > 0) counts.orderTalk += 1;
      if (countReflections(thought.thinking) > 0) counts.reflecting += 1;
    }
    dropped?.finish();
    if (dropped === undefined && existsSync(droppedFile)) rmSync(droppedFile);
    beforeOutput();
    writer.finish();
  } finally {
    dropped?.discard();
    writer.discard();
  }
  return {
    output,
    ...counts,
    kept: writer.count,
    dropped: dropped?.count ?? 0,
    droppedBy,
    droppedFile: dropped === undefined ? null : droppedFile,
  };
}

/** Counts the kept samples of a record, which follow one another; one that is no sample is the first of its own. */
function samplesKept(): (sampleOf: unknown) => number {
  let [last, count]: [unknown, number] = [undefined, 0];
  return (sampleOf) => {
    count = sampleOf !== undefined && sampleOf === last ? count + 1 : 1;
    last = sampleOf;
    return count;
  };
}
