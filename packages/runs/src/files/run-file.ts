import { readFileSync } from "node:fs";
import type { z } from "zod";
import { RunFileError } from "./run-file-error.ts";

/** The hint for a file that a run cannot have written. */
const brokenHint = "Restore the file from a copy, or choose another output folder.";

/** @throws {RunFileError} `RUN_FILE_MISSING` if the file is not there or cannot be read. */
export const readRunText = (path: string): string => openingRunFile(path, () => readFileSync(path, "utf8"));

/** What `read` gives; the error of one that fails names the file. Throws as `readRunText`. */
export function openingRunFile<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    const reason = code === "ENOENT" ? "no such file" : `cannot be read (${message})`;
    const hint = "Give the folder of a run that was begun; one that broke off goes on when its command is given again.";
    throw new RunFileError("RUN_FILE_MISSING", { path, reason, hint }, { cause });
  }
}

/**
 * The content of a file of a run's folder.
 *
 * @param parse - Such as `JSON.parse`.
 * @throws {RunFileError} `RUN_FILE_MISSING`, or `RUN_FILE_BROKEN` if it cannot be parsed or breaks the schema.
 */
export function readRunFile<Schema extends z.ZodType>(
  path: string,
  parse: (text: string) => unknown,
  schema: Schema,
): z.output<Schema> {
  const text = readRunText(path);
  let value: unknown;
  try {
    value = parse(text);
  } catch (cause) {
    const reason = `cannot be parsed (${(cause as Error).message})`;
    throw new RunFileError("RUN_FILE_BROKEN", { path, reason, hint: brokenHint }, { cause });
  }
  const { success, data, error } = schema.safeParse(value);
  if (success) return data;
  throw new RunFileError("RUN_FILE_BROKEN", { path, reason: describeIssues(error), hint: brokenHint });
}

/** The first three faults of a value, each with its path. */
export function describeIssues({ issues }: z.ZodError): string {
  const described = issues.map(({ path, message }) => (path.length > 0 ? `${path.join(".")}: ${message}` : message));
  const more = issues.length > 3 ? `; and ${issues.length - 3} more` : "";
  return `${described.slice(0, 3).join("; ")}${more}`;
}
