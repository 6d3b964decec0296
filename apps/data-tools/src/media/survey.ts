import { createHash } from "node:crypto";
import { basename } from "node:path";
import {
  type ClipRequest,
  clipRequests,
  fileHash,
  type MediaOptions,
  type RecordError,
  type RecordPlace,
  requestKey,
} from "@videor1/data";
import { readDataSet } from "../files/read-data-set.ts";
import type { MediaSettings } from "./media-keys.ts";

/** A record, and what training will ask of its media. */
export type AskedRecord = {
  /** Among the records of all files. */
  index: number;
  fields: unknown;
  place: RecordPlace;
  problemId: number | string | null;
} & ({ asked: { request: ClipRequest; key: string }[]; error?: never } | { asked?: never; error: RecordError });

/** Tells requests apart: those of one key need one answer. */
type KeyOf = (request: ClipRequest, options: MediaOptions) => string;

/** Yields every record of the files; one that breaks the record rules with its error. */
export async function* askedRecords(
  { records, rules, media, seed }: MediaSettings,
  keyOf: KeyOf = shortKey,
): AsyncGenerator<AskedRecord> {
  let index = 0;
  for await (const { record, invalid } of readDataSet(records, rules)) {
    if (invalid) {
      const { fields, place, error } = invalid;
      yield { index, fields, place, problemId: error.problemId ?? null, error };
    } else {
      const { fields, place, example } = record;
      const asked = clipRequests(example, media, seed).map((request) => ({ request, key: keyOf(request, media) }));
      yield { index, fields, place, problemId: example.problemId, asked };
    }
    index += 1;
  }
}

/** How many records there are, and how many different media they ask for. @throws The signal's reason, once it is aborted. */
export async function countAsked(
  settings: MediaSettings,
  signal: AbortSignal,
  keyOf: KeyOf = shortKey,
): Promise<{ records: number; media: number }> {
  const keys = new Set<string>();
  let records = 0;
  for await (const { asked = [] } of askedRecords(settings, keyOf)) {
    signal.throwIfAborted();
    records += 1;
    for (const { key } of asked) keys.add(key);
  }
  return { records, media: keys.size };
}

/** 128 bits of the hash of what is asked: hundreds of thousands are held. */
const shortKey: KeyOf = (...asked) =>
  createHash("sha256")
    .update(requestKey(...asked))
    .digest("base64url")
    .slice(0, 22);

/** A file of records, as a ledger names it. */
export interface RecordsFile {
  name: string;
  sha256: string;
}

/** Names and hashes of the files. */
export const recordsFiles = async (files: readonly string[]): Promise<RecordsFile[]> =>
  await Promise.all(files.map(async (file) => ({ name: basename(file), sha256: await fileHash(file) })));
