import { posix } from "node:path";
import { type ReadOptions, readExamples } from "./read.ts";
import { type Example, mediaOf } from "./schema.ts";

/** Records of the validation split are also records of training. */
export class LeakError extends Error {
  override readonly name = "LeakError";
  readonly code = "VALIDATION_LEAK";
  /** The records of the validation split that are in training too. */
  readonly shared: readonly Pick<Example, "problemId" | "path">[];
  readonly hint =
    "Take them out of one of the two files: a validation split shares no problem_id and no path with training.";

  constructor(shared: LeakError["shared"], total: number) {
    const first = shared.slice(0, 3).map(({ problemId, path }) => `problem_id ${problemId} (${path})`);
    const rest = shared.length > first.length ? `, and ${shared.length - first.length} more` : "";
    super(`${shared.length} of ${total} validation records are among those of training: ${first.join(", ")}${rest}`);
    this.shared = shared.map(({ problemId, path }) => ({ problemId, path }));
  }
}

/**
 * Refuses a validation split that leaks.
 *
 * @throws {LeakError} If it shares a problem id or a media file with the training records.
 */
export function checkHeldBack(validation: readonly Example[], training: readonly Example[]): void {
  const ids = new Set(training.map(({ problemId }) => String(problemId)));
  const paths = new Set(training.flatMap(pathsOf));
  const shared = validation.filter(
    (example) => ids.has(String(example.problemId)) || pathsOf(example).some((path) => paths.has(path)),
  );
  if (shared.length > 0) throw new LeakError(shared, validation.length);
}

const pathsOf = (example: Example): string[] =>
  mediaOf(example).flatMap(({ path }) => [path].flat().map((file) => posix.normalize(file)));

/**
 * The first `limit` examples of a validation file; none without a file.
 *
 * @throws {LeakError} As `checkHeldBack`. @throws {DatasetError} As `readExamples`.
 */
export async function readHeldBack(
  validation: { records: string; limit?: number | undefined } | undefined,
  training: readonly Example[],
  options: ReadOptions,
): Promise<Example[]> {
  if (!validation) return [];
  const examples = (await readExamples(validation.records, options)).slice(0, validation.limit);
  checkHeldBack(examples, training);
  return examples;
}
