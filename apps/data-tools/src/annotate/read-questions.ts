import { createHash } from "node:crypto";
import type { DataRecord } from "@videor1/curation";
import { type Example, mediaOf } from "@videor1/data";
import { readDataSet } from "../files/read-data-set.ts";
import type { Failure } from "./answers.ts";
import type { AnnotateConfig } from "./config.ts";

/** A record that can be asked. */
export interface Question extends DataRecord {
  /** Its id as a text: the journal's key. */
  key: string;
  /** Hash of what is asked, in hex. */
  asked: string;
}

/** Every record of the files ends in one of the two. */
export type ReadQuestion =
  | { question: Question; fields?: never; failure?: never }
  | { question?: never; fields: unknown; failure: Failure };

/** Yields the records in their order. One that breaks the record rules, or has an earlier one's id, is a failure. */
export async function* readQuestions({
  records,
  rules,
  limit = Number.POSITIVE_INFINITY,
}: Pick<AnnotateConfig, "records" | "rules" | "limit">): AsyncGenerator<ReadQuestion> {
  const seen = new Set<string>();
  let count = 0;
  for await (const { record, invalid } of readDataSet(records, rules)) {
    count += 1;
    if (count > limit) return;
    if (invalid !== undefined) {
      yield { fields: invalid.fields, failure: { code: invalid.error.code, reason: invalid.error.message } };
      continue;
    }
    const key = String(record.example.problemId);
    if (seen.has(key)) {
      const { file, index } = record.place;
      const reason = `${file}, record ${index}: an earlier record has the problem_id ${key} too`;
      yield { fields: record.fields, failure: { code: "ID_TWICE", reason } };
      continue;
    }
    seen.add(key);
    yield { question: { ...record, key, asked: hashOf(record.example) } };
  }
}

/** Of all that a model is shown. */
function hashOf(example: Example): string {
  const { problem, problemType, dataType, options } = example;
  const shown = JSON.stringify([problem, problemType, dataType, options, mediaOf(example)]);
  return createHash("sha256").update(shown).digest("hex").slice(0, 16);
}
