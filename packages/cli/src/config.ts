import { readFileSync } from "node:fs";
import { type Document, isMap, isSeq, LineCounter, parseDocument } from "yaml";
import type { z } from "zod";
import { ConfigError, type ConfigIssue } from "./config-error.ts";
import { flatIssues, knownKeys, type Path, pathsOf } from "./config-schema.ts";
import { expandHome } from "./expand-home.ts";
import { nearest } from "./nearest.ts";

interface Override {
  text: string;
  path: string[];
}

/**
 * The configuration in a YAML file with `key.path=value` overrides applied, checked and completed by a schema. Without a file
 * the overrides are all of it.
 *
 * Values of overrides are YAML: `maxSteps=10` is a number, `frames=[4, 8]` a list, `resume=` null. Later ones win.
 *
 * @param schema - Strict objects all the way down: an unknown key is then an error, reported with the nearest known key.
 * @throws {ConfigError} With every mistake at once, each at its line in the file or at its override.
 */
export function loadConfig<Schema extends z.ZodType>(
  schema: Schema,
  file: string | undefined,
  overrides: readonly string[] = [],
): z.output<Schema> {
  const lines = new LineCounter();
  const text = file === undefined ? "" : readText(file);
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const source = file ?? "the command line";
  const locate = (offset: number) => {
    if (file === undefined) return source;
    const { line, col } = lines.linePos(offset);
    return `${file}:${line}:${col}`;
  };
  const fail = (issues: readonly ConfigIssue[]) =>
    new ConfigError(
      "CONFIG_INVALID",
      source,
      issues,
      file === undefined
        ? "Give them as key=value; --help shows how."
        : "Mend the lines above; values can also be given as key=value after the file.",
    );
  if (document.errors.length > 0)
    throw fail(document.errors.map(({ pos, message }) => ({ where: locate(pos[0]), key: "", message })));

  const origin = origins(document); // before the overrides replace nodes
  const { applied, rejected } = applyOverrides(document, overrides);
  const value = plainValue(document);
  if (value.problem !== undefined) throw fail([{ where: source, key: "", message: value.problem }, ...rejected]);
  const result = schema.safeParse(expandHome(value.json ?? {}));
  if (result.success && rejected.length === 0) return result.data;

  const found = flatIssues(result.error?.issues ?? [], value.json).flatMap(({ path, message, unknown }) =>
    unknown
      ? unknown.map((key) => ({
          path: [...path, key],
          message: unknownKey(key, knownKeys(schema, path), pathsOf(key, schema)),
        }))
      : [{ path, message }],
  );
  const issues = found.map(({ path, message }) => {
    const override = applied.findLast((candidate) => isPrefix(candidate.path, path) || isPrefix(path, candidate.path));
    const offset = origin(path);
    return { override, offset, issue: { where: override?.text ?? locate(offset), key: path.join("."), message } };
  });
  issues.sort((a, b) => Number(!!a.override) - Number(!!b.override) || a.offset - b.offset);
  throw fail([...issues.map(({ issue }) => issue), ...rejected]);
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const message = code === "ENOENT" ? "no such file" : `cannot be read (${code})`;
    const hint = "Check the path; it is relative to the working directory.";
    throw new ConfigError("CONFIG_UNREADABLE", file, [{ where: file, key: "", message }], hint, { cause });
  }
}

/** A document's plain value, or why it has none: an alias without its anchor, inside it, or too many of them. */
function plainValue(document: Document): { json: unknown; problem?: never } | { problem: string } {
  try {
    const json: unknown = document.toJS();
    return isCircular(json) ? { problem: "an alias stands inside its own anchor" } : { json };
  } catch (error) {
    return { problem: (error as Error).message };
  }
}

function isCircular(value: unknown, above: readonly unknown[] = []): boolean {
  if (typeof value !== "object" || value === null) return false;
  return above.includes(value) || Object.values(value).some((item) => isCircular(item, [...above, value]));
}

/** Puts the overrides into the document, in order. */
function applyOverrides(document: Document, overrides: readonly string[]) {
  const applied: Override[] = [];
  const rejected: ConfigIssue[] = [];
  for (const text of overrides) {
    const equals = text.indexOf("=");
    const path = text.slice(0, equals).split(".");
    const value = parseDocument(text.slice(equals + 1), { prettyErrors: false });
    const problem = value.errors[0]?.message ?? plainValue(value).problem;
    const comment = value.comment ?? (value.contents as { comment?: string | null } | null)?.comment;
    const reject = (message: string) => rejected.push({ where: text, key: "", message });
    if (equals < 1 || path.some((part) => part === "")) {
      reject("an override has the form key.path=value");
    } else if (typeof comment === "string") {
      reject(
        `" #" begins a comment in YAML, so that "#${comment}" would be left out; put the value in quotes of its own`,
      );
    } else if (problem !== undefined) {
      reject(`the value is not YAML: ${problem}`);
    } else {
      try {
        document.setIn(path, value.contents);
        applied.push({ text, path });
      } catch {
        reject(`${path.join(".")} lies under a value that is not a map`);
      }
    }
  }
  return { applied, rejected };
}

/** Offset in the file of the key at a path, or of its nearest ancestor in the file. */
function origins(document: Document): (path: Path) => number {
  const root = document.clone().contents;
  return (path) => {
    let node: unknown = root;
    let offset = 0;
    for (const step of path) {
      if (isMap(node)) {
        const pair = node.items.find(({ key }) => String(key) === String(step));
        if (!pair) break;
        offset = (pair.key as { range?: [number, number, number] }).range?.[0] ?? offset;
        node = pair.value;
      } else if (isSeq(node)) {
        node = node.items[Number(step)];
        offset = (node as { range?: [number, number, number] } | undefined)?.range?.[0] ?? offset;
      } else break;
    }
    return offset;
  };
}

/**
 * @param known - keys of all branches of a union, so that `key` can be one that its own branch lacks.
 * @param elsewhere - where the schema does know the key.
 */
function unknownKey(key: string, known: readonly string[], elsewhere: readonly string[]): string {
  if (known.includes(key)) return "belongs to another kind than the one given here";
  if (elsewhere.length > 0)
    return `unknown key here; did you mean ${elsewhere.map((path) => `"${path}"`).join(" or ")}?`;
  const close = nearest(key, known);
  if (close !== undefined) return `unknown key; did you mean "${close}"?`;
  return known.length > 0 ? `unknown key; known are ${known.join(", ")}` : "unknown key";
}

const isPrefix = (prefix: Path, path: Path) =>
  prefix.length <= path.length && prefix.every((step, i) => String(step) === String(path[i]));
