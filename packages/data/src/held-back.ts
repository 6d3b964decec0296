import type { OpenRecords } from "./open-records.ts";
import { type ReadOptions, readExamples } from "./read.ts";
import type { Example } from "./schema.ts";
import { sharedKeys } from "./shared-keys.ts";

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

/** The records of training, in memory or in their file. */
type Training = readonly Example[] | Pick<OpenRecords, "withKeys">;

/**
 * Refuses a validation split that leaks.
 *
 * @throws {LeakError} If it shares a problem id or a media file with the training records.
 */
export function checkHeldBack(validation: readonly Example[], ...training: readonly Training[]): void {
  const wanted = new Set(validation.flatMap(sharedKeys));
  const found = new Set<string>();
  for (const records of training)
    for (const example of "withKeys" in records ? records.withKeys(wanted) : records)
      for (const key of sharedKeys(example)) if (wanted.has(key)) found.add(key);
  const shared = validation.filter((example) => sharedKeys(example).some((key) => found.has(key)));
  if (shared.length > 0) throw new LeakError(shared, validation.length);
}

/**
 * The first `limit` examples of a validation file; none without a file.
 *
 * @throws {LeakError} As `checkHeldBack`. @throws {DatasetError} As `readExamples`.
 */
export async function readHeldBack(
  validation: { records: string; limit?: number | undefined } | undefined,
  training: readonly Training[],
  options: ReadOptions,
): Promise<Example[]> {
  if (!validation) return [];
  const examples = (await readExamples(validation.records, options)).slice(0, validation.limit);
  checkHeldBack(examples, ...training);
  return examples;
}
