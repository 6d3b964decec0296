import {
  type AnswerKind,
  emptySurvey,
  type Mapping,
  MappingFault,
  mappedFields,
  meaningOf,
  type Row,
  readChoices,
  surveyAnswer,
} from "@videor1/curation";
import { parquetShape } from "@videor1/data";
import { benchmarkRows } from "./benchmark-rows.ts";
import type { ConvertConfig } from "./config.ts";
import { ConvertError } from "./convert-error.ts";
import type { MediaStore } from "./embedded-media.ts";
import { type FoundRow, readRows } from "./read-rows.ts";
import { dataFiles, type RowFile, rowFile } from "./row-file.ts";
import { chooseMapping, type RowMapping } from "./row-mapping.ts";
import { atPlace } from "./tally.ts";

/** Rows, and how they become records. */
export interface RowSource {
  files: readonly string[];
  /** As a person says it: `CSV with ";"`. */
  format: string;
  mapping: RowMapping;
  answerIs: AnswerKind | undefined;
  /** What numbers among the answers mean, over all rows. */
  numbers: AnswerKind | undefined;
  /** Some rows have ids of their own. */
  hasIds: boolean;
  /** Of parquet, in which absent is null. */
  isTable: boolean;
  /** How many there are, where files tell it before they are read. */
  total: number | undefined;
  rows(): AsyncIterable<FoundRow>;
}

interface Context {
  store: MediaStore;
  signal: AbortSignal;
  print: (line: string) => void;
}

/** Rows that are looked at to see what they are. */
const seenRows = 50;

/**
 * Opens the rows of a file, of a folder of its parts, or of a benchmark, and chooses how they become records.
 *
 * @throws {ConvertError} If they cannot be read, or their columns not be understood.
 */
export async function openRows(config: ConvertConfig, { signal, print }: Context): Promise<RowSource> {
  const { from, benchmark, mediaRoot, allowOtherCounts } = config;
  if (benchmark !== undefined) {
    const { files, mediaFolder, rows } = await benchmarkRows(benchmark, from, { mediaRoot, allowOtherCounts, print });
    return {
      files,
      format: `files of ${benchmark}`,
      mapping: {
        kind: "records",
        name: benchmark,
        says: `its items; paths start from mediaRoot=${mediaFolder}`,
        recordOf: (row) => ({ ...row }),
      },
      answerIs: undefined,
      numbers: "auto",
      hasIds: true,
      isTable: false,
      total: rows.length,
      async *rows() {
        yield* rows;
      },
    };
  }
  const files: RowFile[] = [];
  for (const path of await dataFiles(from)) files.push(await rowFile(path, config));
  const [first] = files as [RowFile];
  const seen = await firstRows(first);
  const mapping = chooseMapping(seen, { file: first.path, given: config.mapping, turns: config.turns });
  const own = mapping.kind === "drafts" ? mapping.mapping : undefined;
  const answerIs = config.answerIs ?? own?.answerIs;
  const isSurveyed = own !== undefined && (answerIs ?? "auto") === "auto" && "options" in own.fields;
  return {
    files: files.map(({ path }) => path),
    format: formatText(first),
    mapping,
    answerIs,
    numbers: isSurveyed ? await surveyed(files, own, signal) : undefined,
    hasIds:
      own === undefined ? seen.some(({ id, problem_id }) => (id ?? problem_id) != null) : "problem_id" in own.fields,
    isTable: first.format === "parquet",
    total: await totalRows(files),
    async *rows() {
      for (const file of files) yield* readRows(file);
    },
  };
}

const names = {
  json: "a JSON array",
  jsonl: "JSON Lines",
  csv: "CSV",
  tsv: "tab-separated text",
  parquet: "parquet",
} as const;

const formatText = ({ format, delimiter }: RowFile): string =>
  format === "csv" ? `CSV with ${JSON.stringify(delimiter)}` : names[format];

async function firstRows(file: RowFile): Promise<Row[]> {
  const rows: Row[] = [];
  const faults: string[] = [];
  for await (const { row, fault, place } of readRows(file)) {
    if (row !== undefined) rows.push(row);
    else faults.push(atPlace(place, undefined, fault.message));
    if (rows.length === seenRows || faults.length === 20 * seenRows) break;
  }
  if (rows.length > 0) return rows;
  const first = faults.length > 0 ? `; the first: ${faults[0]}` : "";
  throw new ConvertError(file.path, `holds no row that can be read${first}`, "Say format=… if it is another one.");
}

async function totalRows(files: readonly RowFile[]): Promise<number | undefined> {
  let total = 0;
  for (const { path, format } of files) {
    if (format !== "parquet") return undefined;
    total += (await parquetShape(path)).rows;
  }
  return total;
}

/** Reads all answers and options, to see what numbers among the answers mean. */
async function surveyed(
  files: readonly RowFile[],
  { fields }: Mapping,
  signal: AbortSignal,
): Promise<AnswerKind | undefined> {
  const mapping: Mapping = { fields: { options: fields.options!, solution: fields.solution ?? [] } };
  const survey = emptySurvey();
  for (const file of files) {
    const columns = file.format === "parquet" ? await columnsOf(file.path, mapping) : undefined;
    for await (const { row } of readRows(file, columns)) {
      signal.throwIfAborted();
      if (row === undefined) continue;
      const { values } = mappedFields(row, mapping);
      try {
        if (values.options === undefined) continue;
        const { options, labels } = readChoices(values.options);
        surveyAnswer(survey, values.solution, options, labels);
      } catch (error) {
        if (!(error instanceof MappingFault)) throw error; // the row is rejected with it later
      }
    }
  }
  return meaningOf(survey);
}

/** The columns of a table that a mapping takes, without those of media. */
async function columnsOf(path: string, mapping: Mapping): Promise<string[]> {
  const { columns: all } = await parquetShape(path);
  const { taken } = mappedFields(Object.fromEntries(all.map((column) => [column, {}])), mapping);
  return all.filter((column) => taken.has(column));
}
