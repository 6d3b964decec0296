import { closeSync, existsSync, mkdirSync, openSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { z } from "zod";
import { CheckpointError, diskHint } from "../checkpoint-error.ts";
import { replaceFile } from "../durable.ts";
import { toJson } from "./json-number.ts";
import { describeIssues, readRunText } from "./run-file.ts";
import { RunFileError } from "./run-file-error.ts";

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
  const kept = parseLines(path, schema, { hint }).filter(({ value }) => keep(value));
  const text = kept.map((line) => `${line.text}\n`).join("");
  if (text !== readRunText(path)) replaceFile(path, text);
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

function parseLines<Schema extends z.ZodType>(
  path: string,
  schema: Schema,
  { cutLine = "leaveOut", hint = lineHint }: ReadLinesOptions,
): { text: string; value: z.output<Schema> }[] {
  const texts = readRunText(path).split("\n");
  const rest = texts.pop(); // text after the last line break: "" or a line cut short
  if (rest !== "" && cutLine === "refuse") texts.push(rest!);
  const mayBeCut = cutLine === "leaveOut" && rest === "";
  const parsed: { text: string; value: z.output<Schema> }[] = [];
  for (const [i, text] of texts.entries()) {
    if (text.trim() === "") continue;
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch (cause) {
      if (mayBeCut && i === texts.length - 1) break;
      const reason = `not JSON (${(cause as SyntaxError).message})`;
      throw new RunFileError("RUN_FILE_BROKEN", { path, line: i + 1, reason, hint }, { cause });
    }
    const { success, data, error } = schema.safeParse(value);
    if (!success) throw new RunFileError("RUN_FILE_BROKEN", { path, line: i + 1, reason: describeIssues(error), hint });
    parsed.push({ text, value: data });
  }
  return parsed;
}
