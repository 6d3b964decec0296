import { readFileSync } from "node:fs";
import type { z } from "zod";

/** A file of a run's folder does not hold what a run wrote. */
export class RunFileError extends Error {
  override readonly name = "RunFileError";
  readonly code = "RUN_FILE_BROKEN";
  readonly path: string;
  readonly hint = "Restore the file from a copy, or choose another output folder.";

  constructor(path: string, what: string, options?: ErrorOptions) {
    super(`${path}: ${what}`, options);
    this.path = path;
  }
}

/**
 * What a file of a run's folder holds.
 *
 * @param parse - Of its text, such as `JSON.parse`.
 * @throws {RunFileError} If it cannot be read or parsed, or breaks the schema.
 */
export function readRunFile<Schema extends z.ZodType>(
  path: string,
  parse: (text: string) => unknown,
  schema: Schema,
): z.output<Schema> {
  let value: unknown;
  try {
    value = parse(readFileSync(path, "utf8"));
  } catch (cause) {
    throw new RunFileError(path, `cannot be read (${(cause as Error).message})`, { cause });
  }
  const { success, data, error } = schema.safeParse(value);
  if (success) return data;
  const [issue] = error.issues;
  throw new RunFileError(path, `is not what a run wrote: ${issue!.path.join(".")} ${issue!.message}`);
}
