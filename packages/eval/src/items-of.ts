import type { Benchmark } from "./benchmark.ts";
import type { BenchmarkName } from "./benchmark-name.ts";
import { benchmarks } from "./benchmarks.ts";
import { BenchmarkFileError, BenchmarkRecordError } from "./errors.ts";
import type { BenchmarkItem } from "./item.ts";
import { type FoundRow, isRecord, type OfficialContents, type OfficialFile } from "./official-file.ts";

/** 1-based line of a record by file and position, where the file has one record a line. */
export type LineOf = (file: string, index: number) => number | undefined;

/**
 * The items of official records, in the order of the files and of the records in them.
 *
 * @param contents - official file name -> its parsed content; a name is one of `benchmarks[name].files`.
 * @throws {BenchmarkRecordError} For a record that breaks the schema, or an id that comes twice.
 * @throws {BenchmarkFileError} For a file of another shape, or if none of the names is the benchmark's.
 */
export function itemsOf(name: BenchmarkName, contents: OfficialContents, lineOf: LineOf = () => undefined) {
  const benchmark = benchmarks[name];
  const items: BenchmarkItem[] = [];
  const seen = new Set<string>();
  for (const [file, found] of namedRows(benchmark, contents)) {
    const { record, at, facts } = found;
    const made = benchmark.readRecord(found);
    const line = typeof at === "number" ? lineOf(file, at) : undefined;
    const place = { file, at, ...(line !== undefined && { line }) };
    if (Array.isArray(made)) throw new BenchmarkRecordError(name, place, idOf(record), made);
    if (seen.has(made.id)) {
      const twice = { field: "id", message: "another record of the benchmark has it too" };
      throw new BenchmarkRecordError(name, place, made.id, [twice]);
    }
    seen.add(made.id);
    items.push({ benchmark: name, ...made, extra: { ...(record as object), ...facts } });
  }
  return items;
}

function namedRows(benchmark: Benchmark, contents: OfficialContents): [string, FoundRow][] {
  const held = benchmark.files.filter(({ factsOnly }) => !factsOnly);
  const found = held.flatMap((file): [string, OfficialFile][] => {
    const name = file.names.find((candidate) => candidate in contents);
    return name === undefined ? [] : [[name, file]];
  });
  if (found.length === 0) {
    const wanted = held.map(({ names }) => names[0]).join(", ");
    throw new BenchmarkFileError(benchmark, Object.keys(contents).join(", ") || "nothing", `holds none of ${wanted}`);
  }
  return found.flatMap(([name, file]) => {
    try {
      return file.rows(contents[name], contents).map((row): [string, FoundRow] => [name, row]);
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      throw new BenchmarkFileError(benchmark, name, error.message, { cause: error });
    }
  });
}

/** The fields that hold ids in official records. */
const idFields = ["id", "question_id", "pid", "question_idx", "Question ID", "problem_id"];

function idOf(record: unknown): string | undefined {
  if (!isRecord(record)) return undefined;
  const id = idFields.map((field) => record[field]).find((value) => value !== undefined && value !== null);
  return id === undefined ? undefined : String(id);
}
