import { countOrderWords, readThought, type ThoughtFault, thoughtFaults, trainingRecord } from "@videor1/curation";
import { countReflections } from "@videor1/eval";
import { loadAccuracyOptions, RewardOptions } from "@videor1/rewards/options";
import { readDataSet } from "../files/read-data-set.ts";
import { createTally } from "../files/tally.ts";
import type { FilterConfig } from "./config.ts";

/** What became of annotated records. `read` = `kept` + `dropped`. */
export interface FilterCounts {
  read: number;
  kept: number;
  dropped: number;
  /** Of the dropped ones, by the first code of each. */
  droppedBy: Record<string, number>;
  /** Of the kept ones: how many have thinking that says when or in what order, and that takes another look. */
  orderTalk: number;
  reflecting: number;
}

/** Why a record is dropped: a fault of its thought, or of the record. */
type Reason = ThoughtFault | { code: "RECORD_INVALID" | "SPARE_SAMPLE"; reason: string };

/**
 * Keeps the records whose thoughts are as the config asks, in their order, as training reads them; drops the others as they were,
 * each with all reasons as `dropped`.
 */
export async function filterRecords(
  config: FilterConfig,
  { keep, drop }: Record<"keep" | "drop", (record: object) => void>,
  signal: AbortSignal,
): Promise<FilterCounts> {
  const { records, rules, perRecord = Number.POSITIVE_INFINITY } = config;
  const optionsOf = await loadAccuracyOptions(rules, RewardOptions.parse({}));
  const codes = createTally();
  const keptOf = samplesKept();
  const counts = { read: 0, kept: 0, dropped: 0, orderTalk: 0, reflecting: 0 };
  const dropFor = (fields: unknown, reasons: readonly [Reason, ...Reason[]]) => {
    codes.add(reasons[0].code);
    counts.dropped += 1;
    drop({ ...(Object(fields) as object), dropped: reasons });
  };
  for await (const { record, invalid } of readDataSet(records, rules)) {
    signal.throwIfAborted();
    counts.read += 1;
    if (invalid !== undefined) {
      dropFor(invalid.fields, [{ code: invalid.error.code, reason: invalid.error.message }]);
      continue;
    }
    const { fields, example } = record;
    const thought = readThought(record, optionsOf({ options: example.options }));
    const [fault, ...others] = thoughtFaults(thought, example, config, countReflections);
    if (fault !== undefined) {
      dropFor(fields, [fault, ...others]);
      continue;
    }
    if (keptOf(fields.sample_of) > perRecord) {
      dropFor(fields, [{ code: "SPARE_SAMPLE", reason: `${perRecord} of its record's samples are kept already` }]);
      continue;
    }
    keep(trainingRecord(record, thought, config));
    counts.kept += 1;
    if (countOrderWords(thought.thinking) > 0) counts.orderTalk += 1;
    if (countReflections(thought.thinking) > 0) counts.reflecting += 1;
  }
  return { ...counts, droppedBy: codes.counts() };
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
