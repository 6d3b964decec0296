import { isJsonRecord, type JsonRecord, type OutputRow, type RowPlace, textFields } from "./output-row.ts";

/** `20250601_120000_samples_mvbench_action_count.jsonl` is of the task mvbench_action_count. */
const samplesFile = /(?:^|[_/\\])samples_([^/\\]+)\.jsonl$/;

/**
 * A line of lmms-eval's `*_samples_*.jsonl`. The record itself is not in it, but its place in the task is, the prompt, and in
 * the task's metrics often an id. The output is what the model said: `resps`, which the harness leaves out where its filters
 * (such as the cut of `<think>`) change nothing, else `filtered_resps`.
 *
 * @returns undefined if the record is none of lmms-eval's.
 * @see lmms-eval 0.7.3 loggers/evaluation_tracker.py `save_results_samples`
 */
export function lmmsEvalRow(record: JsonRecord, place: RowPlace): OutputRow | undefined {
  if (!("doc_id" in record) || !("filtered_resps" in record)) return undefined;
  const output = firstText(record.resps) ?? firstText(record.filtered_resps);
  const metrics = Object.values(record).filter(isJsonRecord);
  const doc = isJsonRecord(record.doc) ? [record.doc] : [];
  const fields = Object.assign({}, ...[...metrics, ...doc].map(textFields)) as Record<string, string>;
  const task = samplesFile.exec(place.file)?.[1];
  return {
    place,
    output,
    ...(output === undefined && { reason: "the line has no response" }),
    fields,
    ...(task !== undefined && { task }),
    position: Number(record.doc_id),
    ...(typeof record.input === "string" && { question: record.input }),
  };
}

/** The first text of responses that are nested once or twice. */
function firstText(responses: unknown): string | undefined {
  if (typeof responses === "string") return responses;
  return Array.isArray(responses) && responses.length > 0 ? firstText(responses[0]) : undefined;
}
