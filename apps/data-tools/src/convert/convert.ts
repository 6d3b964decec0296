import { rmSync } from "node:fs";
import { basename, dirname, extname } from "node:path";
import { progress } from "@videor1/cli";
import { conversationOf, type Draft, MappingFault, makeRecord, type Row } from "@videor1/curation";
import { mediaOf, parseRecord, RecordError, type RecordPlace } from "@videor1/data";
import { createRecordWriter } from "../files/record-writer.ts";
import { checkPlaces } from "./check-places.ts";
import type { ConvertConfig } from "./config.ts";
import { ConvertError } from "./convert-error.ts";
import { createMediaStore } from "./embedded-media.ts";
import { mediaLocator } from "./locate-media.ts";
import { openRows } from "./open-rows.ts";
import type { FoundRow } from "./read-rows.ts";
import { atPlace, countId, countOne, emptyTally, type Tally } from "./tally.ts";

export interface Converted {
  tally: Tally;
  /** How the files are written, and how their rows were read. */
  format: string;
  mapping: string;
  says: string;
  files: readonly string[];
  /** Media that were written, and the folder that their paths start from. */
  embedded: { count: number; folder: string; mediaRoot: string };
  rejectedFile: string;
}

/** Rows of which progress is shown. */
const progressFrom = 10_000;

/**
 * Converts every row of files or of a benchmark: each becomes a record, or a line of `<output>.rejected.jsonl` with its reason. The
 * output appears whole, and only if it has a record.
 *
 * @throws {ConvertError} If nothing can be converted; with `strict`, at the first row that cannot.
 */
export async function convert(
  config: ConvertConfig,
  signal: AbortSignal,
  print: (line: string) => void,
): Promise<Converted> {
  const { output, strict, rules } = config;
  checkPlaces(config);
  const mediaRoot = config.mediaRoot ?? dirname(output);
  const folder = `${basename(output, extname(output))}-media`;
  const store = createMediaStore(mediaRoot, folder);
  const locate = mediaLocator({ mediaRoot: config.mediaRoot, keepMissing: config.missing === "keep" });
  const source = await openRows(config, { store, signal, print });
  const { mapping } = source;
  const tally = emptyTally();
  const rejectedFile = `${output}.rejected.jsonl`;
  const rejected = createRecordWriter(rejectedFile);
  const writer = createRecordWriter(output);

  const reject = (place: RecordPlace, fault: MappingFault, row: unknown): void => {
    const message = atPlace(place, idOf(row), fault.message);
    if (strict)
      throw new ConvertError(
        place.file,
        message.slice(place.file.length + 2),
        "strict=false leaves such rows out and counts them.",
      );
    const counted = tally.rejected.get(fault.code) ?? { count: 0, first: message };
    tally.rejected.set(fault.code, { ...counted, count: counted.count + 1 });
    rejected.write({ code: fault.code, reason: fault.message, ...place, row });
  };
  const write = (record: Record<string, unknown>, place: RecordPlace): void => {
    const example = parseRecord(record, place, rules);
    if (mapping.kind === "records")
      for (const { kind, path } of mediaOf(example)) for (const file of [path].flat()) locate(file, kind);
    writer.write(config.to === "records" ? record : conversationOf(record, example, config.to));
    tally.written += 1;
    countId(tally, example.problemId);
    countOne(tally.problemTypes, example.problemType);
  };
  /** One candidate: its record is written, or its fault counted. */
  const attempt = (place: RecordPlace, row: unknown, work: () => void): void => {
    tally.candidates += 1;
    try {
      work();
    } catch (error) {
      const fault = faultOf(error);
      if (fault === undefined) throw error;
      reject(place, fault, row);
    }
  };
  const makeOf = (draft: Draft, index: number, place: RecordPlace): void => {
    const base = source.hasIds ? `row-${index}` : index;
    const number = () => (draft.turn === undefined ? base : `${base}-${draft.turn}`);
    const options = { locate, dataType: config.dataType, answerIs: source.answerIs, numbers: source.numbers, number };
    const { record, notes } = makeRecord(draft.values, draft.rest, options);
    write(record, place);
    for (const note of notes) countOne(tally.notes, note);
    if (draft.turn !== undefined) countOne(tally.notes, "turns of conversations with several questions");
  };
  const convertRow = (found: FoundRow): void => {
    tally.rows += 1;
    const index = tally.rows;
    const { place } = found;
    let shown: unknown = found.row ?? found.text;
    let works: (() => void)[];
    try {
      if (found.fault !== undefined) throw found.fault;
      const row = store.extract(found.row, source.isTable);
      shown = row;
      works =
        mapping.kind === "records"
          ? [() => write(mapping.recordOf(row), place)]
          : mapping.draftsOf(row).map((draft) => () => makeOf(draft, index, place));
    } catch (error) {
      works = [() => raise(error)];
    }
    for (const work of works) attempt(place, shown, work);
  };

  const isLong = source.total !== undefined && source.total >= progressFrom;
  const shown = isLong ? progress({ label: "convert", total: source.total! }) : undefined;
  try {
    for await (const found of source.rows()) {
      signal.throwIfAborted();
      convertRow(found);
      shown?.update(tally.rows, { rejected: rejected.count });
    }
    if (tally.written > 0) writer.finish();
    rmSync(rejectedFile, { force: true });
    if (rejected.count > 0) rejected.finish();
  } finally {
    shown?.stop();
    for (const file of [writer, rejected]) file.discard();
  }
  const { format, files } = source;
  const embedded = { count: store.count, folder, mediaRoot };
  return { tally, format, mapping: mapping.name, says: mapping.says, files, embedded, rejectedFile };
}

function raise(error: unknown): never {
  throw error;
}

/** The fault of a row that an error is; undefined for another error. */
function faultOf(error: unknown): MappingFault | undefined {
  if (error instanceof MappingFault) return error;
  if (error instanceof RecordError) return new MappingFault("RECORD", error.issues.join("; "));
  if (error instanceof SyntaxError || error instanceof RangeError) return new MappingFault("ROW", error.message);
  return undefined;
}

function idOf(row: unknown): unknown {
  const { problem_id, id, question_id, qid } = Object(row) as Row;
  return problem_id ?? id ?? question_id ?? qid;
}
