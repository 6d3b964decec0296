import type { ProblemId } from "@videor1/runs";
import type { BenchmarkName } from "./benchmark-name.ts";

/** Two records of one benchmark carry the same id, so their predictions could not be told apart. */
export class DuplicateProblemError extends Error {
  override readonly name = "DuplicateProblemError";
  readonly code = "DUPLICATE_PROBLEM";
  readonly problemId: ProblemId;
  readonly hint = "Give every record of the benchmark its own problem_id.";

  constructor(problemId: ProblemId) {
    super(`Problem ${problemId} is in the benchmark twice`);
    this.problemId = problemId;
  }
}

/** A stored prediction has the id of a record, but belongs to another question. */
export class PredictionMismatchError extends Error {
  override readonly name = "PredictionMismatchError";
  readonly code = "PREDICTION_MISMATCH";
  readonly problemId: ProblemId;
  readonly hint = "The predictions come from another benchmark or another version of it; write to a new file.";

  constructor(problemId: ProblemId) {
    super(`Problem ${problemId}: the stored prediction has another problem type or solution than the record`);
    this.problemId = problemId;
  }
}

/** Where a record stands in an official file: a position, or the keys that it is nested under. */
export interface BenchmarkPlace {
  file: string;
  at: string | number;
  /** 1-based; of a file with one record a line. */
  line?: number;
}

/** A record of a benchmark is not as the benchmark publishes them. `issues` lists every fault. */
export class BenchmarkRecordError extends Error {
  override readonly name = "BenchmarkRecordError";
  readonly code = "BENCHMARK_RECORD_INVALID";
  readonly benchmark: BenchmarkName;
  readonly place: BenchmarkPlace;
  readonly id: string | undefined;
  readonly issues: readonly string[];
  readonly hint = "Download the file again; a benchmark is asked whole, so no record is left out.";

  constructor(
    benchmark: BenchmarkName,
    place: BenchmarkPlace,
    id: string | undefined,
    faults: readonly { field: string; message: string }[],
  ) {
    const issues = faults.map(({ field, message }) => (field === "" ? message : `${field}: ${message}`));
    const where = place.line === undefined ? `record ${place.at}` : `line ${place.line}`;
    super(`${benchmark}: ${place.file}, ${where}${id === undefined ? "" : ` (id ${id})`}: ${issues.join("; ")}`);
    this.benchmark = benchmark;
    this.place = place;
    this.id = id;
    this.issues = issues;
  }
}

/** A file of a benchmark is absent, cannot be read, or is none of the benchmark's. */
export class BenchmarkFileError extends Error {
  override readonly name = "BenchmarkFileError";
  readonly code = "BENCHMARK_FILE_INVALID";
  readonly benchmark: BenchmarkName;
  readonly file: string;
  readonly hint: string;

  constructor(
    {
      name,
      source,
      recordsFile,
    }: { name: BenchmarkName; source: { dataset: string }; recordsFile: string | undefined },
    file: string,
    reason: string,
    options?: ErrorOptions,
  ) {
    super(`${name}: ${file} ${reason}`, options);
    this.benchmark = name;
    this.file = file;
    const theirs = "; Video-R1's own are in https://huggingface.co/datasets/Video-R1/Video-R1-eval";
    this.hint =
      `Download the files from https://huggingface.co/datasets/${source.dataset} and keep their layout` +
      `${recordsFile === undefined ? "" : theirs}.`;
  }
}

/** A benchmark's files hold other items than its release does, so that its number would be another one's. */
export class BenchmarkCountError extends Error {
  override readonly name = "BenchmarkCountError";
  readonly code = "BENCHMARK_COUNTS_DIFFER";
  readonly benchmark: BenchmarkName;
  readonly differences: readonly { what: string; expected: number | null; found: number }[];
  readonly hint: string;

  constructor(
    { name, source }: { name: BenchmarkName; source: { dataset: string; revision: string } },
    differences: BenchmarkCountError["differences"],
  ) {
    const shown = differences.slice(0, mostShown).map(({ what, expected, found }) => {
      return `${what}: ${expected ?? "at least 1"} expected, ${found} found`;
    });
    const more = differences.length > mostShown ? [`and ${differences.length - mostShown} more`] : [];
    super(`${name}: the files differ from the release: ${[...shown, ...more].join("; ")}`);
    this.benchmark = name;
    this.differences = differences;
    this.hint =
      `Download https://huggingface.co/datasets/${source.dataset} again (counts are of ${source.revision}); for a part of it, or ` +
      "another release, allow other counts, and the score is marked so.";
  }
}

const mostShown = 12;

/** A benchmark has no task of the name. */
export class BenchmarkTaskError extends Error {
  override readonly name = "BenchmarkTaskError";
  readonly code = "BENCHMARK_TASK_UNKNOWN";
  readonly benchmark: BenchmarkName;
  readonly tasks: readonly string[];
  readonly hint: string;

  constructor(benchmark: BenchmarkName, tasks: readonly string[], known: readonly string[]) {
    super(`${benchmark} has no task ${tasks.join(", ")}`);
    this.benchmark = benchmark;
    this.tasks = tasks;
    this.hint = known.length === 0 ? "It has no tasks; ask it whole." : `Its tasks are ${known.join(", ")}.`;
  }
}

/** A file of subtitles cannot be read. */
export class SubtitlesError extends Error {
  override readonly name = "SubtitlesError";
  readonly code = "SUBTITLES_INVALID";
  readonly file: string;
  readonly hint = "Unpack the benchmark's subtitles again, or ask without them.";

  constructor(file: string, reason: string, options?: ErrorOptions) {
    super(`Subtitles ${file}: ${reason}`, options);
    this.file = file;
  }
}
