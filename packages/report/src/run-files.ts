import { readFile } from "node:fs/promises";
import { parse as parseYaml } from "yaml";
import type { z } from "zod";
import { RunFileError } from "./errors.ts";

/** The values of a JSON-lines file; `RUN_LINE_BROKEN` names file and line. */
export async function readLines<T extends z.ZodType>(file: string, schema: T): Promise<z.infer<T>[]> {
  const lines = (await readText(file)).split("\n");
  return lines.flatMap((text, i) => (text.trim() === "" ? [] : [parseJson(file, i + 1, text, schema)]));
}

/** The same; a file without a line is broken. */
export async function readSomeLines<T extends z.ZodType>(file: string, schema: T): Promise<z.infer<T>[]> {
  const values = await readLines(file, schema);
  if (values.length === 0) throw broken(file, 1, "the file has no line");
  return values;
}

export const readJson = async <T extends z.ZodType>(file: string, schema: T): Promise<z.infer<T>> =>
  parseJson(file, undefined, await readText(file), schema);

export const readYaml = async <T extends z.ZodType>(file: string, schema: T): Promise<z.infer<T>> =>
  check(file, undefined, parseYaml(await readText(file)), schema);

/** What `reading` gives; a `RUN_FILE_MISSING` that names `file` if it fails. */
export async function orMissing<T>(file: string, reading: Promise<T>): Promise<T> {
  try {
    return await reading;
  } catch (cause) {
    const reason =
      cause instanceof Error && "code" in cause && cause.code === "ENOENT" ? "no such file" : String(cause);
    const hint = "The report needs a finished run; start it again with the same arguments and it goes on from there.";
    throw new RunFileError("RUN_FILE_MISSING", { file, reason, hint }, { cause });
  }
}

/** @throws {RunFileError} `RUN_FILE_MISSING` */
export const readText = (file: string): Promise<string> => orMissing(file, readFile(file, "utf8"));

function parseJson<T extends z.ZodType>(file: string, line: number | undefined, text: string, schema: T): z.infer<T> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw broken(file, line, `not JSON (${(cause as SyntaxError).message})`, cause);
  }
  return check(file, line, value, schema);
}

function check<T extends z.ZodType>(file: string, line: number | undefined, value: unknown, schema: T): z.infer<T> {
  const { success, data, error } = schema.safeParse(value);
  if (success) return data;
  throw broken(file, line, error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`).join("; "));
}

function broken(file: string, line: number | undefined, reason: string, cause?: unknown): RunFileError {
  const hint = "The line was cut short or changed after the run; delete it, or run this stage again.";
  return new RunFileError(
    "RUN_LINE_BROKEN",
    { file, ...(line === undefined ? {} : { line }), reason, hint },
    cause === undefined ? undefined : { cause },
  );
}
