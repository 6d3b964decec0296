import { closeSync, existsSync, mkdirSync, openSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { z } from "zod";
import { CheckpointError, diskHint } from "../checkpoint-error.ts";
import { replaceFile, syncPath } from "../durable.ts";
import { toJson } from "./json-number.ts";
import { describeIssues, openingRunFile } from "./run-file.ts";
import { RunFileError } from "./run-file-error.ts";
import { textLines } from "./text-lines.ts";

/** A file that lines are added to. */
export interface LineLog<Line extends object> {
  write(line: Line): void;
  close(): void;
}

export interface ReadLinesOptions {
  /**
   * Leave out a last line that a crash cut short (it has no line break, or is not JSON), or refuse the file. Default
   * `"leaveOut"`.
   */
  cutLine?: "leaveOut" | "refuse";
  /** The error's advice on a broken line. */
  hint?: string;
}

const lineHint =
  "The line was changed after the run, or another version wrote it: restore the file from a copy, or take the line out.";

/**
 * The lines of a JSON-lines file.
 *
 * @throws {RunFileError} `RUN_FILE_MISSING`, or `RUN_FILE_BROKEN` with the line, if one is not JSON or breaks the schema.
 */
export function readLines<Schema extends z.ZodType>(
  path: string,
  schema: Schema,
  options: ReadLinesOptions = {},
): z.output<Schema>[] {
  return parseLines(path, schema, options).map(({ value }) => value);
}

/**
 * Removes a last line that a crash cut short, and every line that `keep` refuses, from a JSON-lines file. After a crash the
 * file is the old one or the new one. A missing file has no lines.
 *
 * @returns the lines that stay.
 * @throws {RunFileError} `RUN_FILE_BROKEN`, with the line, if one before the last is not JSON, or one breaks the schema.
 */
export function mendLines<Schema extends z.ZodType>(
  path: string,
  schema: Schema,
  { hint = lineHint, keep = () => true }: { hint?: string; keep?: (line: z.output<Schema>) => boolean } = {},
): z.output<Schema>[] {
  if (!existsSync(path)) return [];
  const lines = parseLines(path, schema, { hint });
  const kept = lines.filter(({ value }) => keep(value));
  const isHead = kept.every((line, i) => line === lines[i]); // as where a resume cuts a log back
  if (isHead) cutFile(path, kept.at(-1)?.end ?? 0);
  else replaceFile(path, kept.map((line) => `${line.text}\n`).join(""));
  return kept.map(({ value }) => value);
}

/** Opens a JSON-lines file for appending; creates it, and its folder, if there is none. */
export function openLog<Line extends object>(path: string): LineLog<Line> {
  mkdirSync(dirname(path), { recursive: true });
  const file = openSync(path, "a");
  return {
    write(line) {
      try {
        writeFileSync(file, `${toJson(line)}\n`); // all of it, or an error
      } catch (cause) {
        if ((cause as NodeJS.ErrnoException).syscall === undefined) throw cause;
        const what = `a line cannot be written (${(cause as Error).message})`;
        throw new CheckpointError("CHECKPOINT_WRITE", { path, what, hint: diskHint(cause) }, { cause });
      }
    },
    close: () => closeSync(file),
  };
}

/** Writes a JSON-lines file as a whole: after a crash it is the old one or the new one. */
export function writeLines<Line extends object>(path: string, lines: readonly Line[]): void {
  replaceFile(path, lines.map((line) => `${toJson(line)}\n`).join(""));
}

/** Shortens a file to its first bytes; one that is not longer is not touched. */
function cutFile(path: string, bytes: number): void {
  if (statSync(path).size <= bytes) return;
  truncateSync(path, bytes);
  syncPath(path);
}

function parseLines<Schema extends z.ZodType>(
  path: string,
  schema: Schema,
  { cutLine = "leaveOut", hint = lineHint }: ReadLinesOptions,
): { text: string; end: number; value: z.output<Schema> }[] {
  const lines = openingRunFile(path, () => textLines(path));
  const parsed: { text: string; end: number; value: z.output<Schema> }[] = [];
  for (const [i, { text, end, isWhole }] of lines.entries()) {
    if (text.trim() === "" || (!isWhole && cutLine === "leaveOut")) continue;
    let value: unknown;
    try {
      value = JSON.parse(i === 0 ? text.replace(/^\ufeff/, "") : text); // an editor's byte order mark
    } catch (cause) {
      if (cutLine === "leaveOut" && i === lines.length - 1) break;
      const reason = `not JSON (${(cause as SyntaxError).message})`;
      throw new RunFileError("RUN_FILE_BROKEN", { path, line: i + 1, reason, hint }, { cause });
    }
    const { success, data, error } = schema.safeParse(value);
    if (!success) throw new RunFileError("RUN_FILE_BROKEN", { path, line: i + 1, reason: describeIssues(error), hint });
    parsed.push({ text, end, value: data });
  }
  return parsed;
}
