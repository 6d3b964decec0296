import { createHash } from "node:crypto";
import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { dirname, extname } from "node:path";

/** Writes records one by one into a file that appears whole, or not at all. */
export interface RecordWriter {
  write(record: object): void;
  /** Records so far. */
  readonly count: number;
  /** Ends the content, which is then on the disk under another name, and gives its SHA-256 in hex. */
  seal(): string;
  /** Makes the file appear in place of one that was there; seals it first, if that was not done. */
  finish(): void;
  /** Leaves nothing behind, unless it has finished. */
  discard(): void;
}

const chunkBytes = 1 << 20;

/**
 * A file of records: by its name JSON Lines (`.jsonl`, `.ndjson`), or one JSON array with a record a line (`.json`).
 *
 * @param indent - Spaces that a `.json` file is indented by, in place of a record a line; as `JSON.stringify` has it.
 * @throws {RangeError} For another name.
 */
export function createRecordWriter(path: string, { indent = 0 }: { indent?: number } = {}): RecordWriter {
  const known = layouts[extname(path).toLowerCase()];
  const layout = known?.isArray && indent > 0 ? indented(indent) : known;
  if (layout === undefined)
    throw new RangeError(`${path}: records are written to a file that ends in ${Object.keys(layouts).join(", ")}`);
  mkdirSync(dirname(path), { recursive: true });
  const temporary = `${path}.partial`;
  const file = openSync(temporary, "w");
  let waiting = layout.begin;
  let count = 0;
  let isOpen = true;
  let digest: string | undefined;
  const hash = createHash("sha256");
  const flush = () => {
    const bytes = Buffer.from(waiting);
    hash.update(bytes);
    for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
    waiting = "";
  };
  const close = () => {
    if (isOpen) closeSync(file);
    isOpen = false;
  };
  const seal = () => {
    if (digest !== undefined) return digest;
    waiting += count === 0 ? layout.endOfNone : layout.end;
    flush();
    fsyncSync(file);
    close();
    digest = hash.digest("hex");
    return digest;
  };
  return {
    get count() {
      return count;
    },
    write(record) {
      waiting += `${count === 0 ? "" : layout.between}${layout.text(record)}`;
      count += 1;
      if (waiting.length >= chunkBytes) flush();
    },
    seal,
    finish() {
      seal();
      renameSync(temporary, path);
    },
    discard() {
      close();
      rmSync(temporary, { force: true });
    },
  };
}

interface Layout {
  begin: string;
  between: string;
  end: string;
  endOfNone: string;
  text(record: object): string;
  isArray?: true;
}

const text = (record: object): string => JSON.stringify(record);
const lines: Layout = { begin: "", between: "\n", end: "\n", endOfNone: "", text };
const array: Layout = { begin: "[\n", between: ",\n", end: "\n]\n", endOfNone: "]\n", text, isArray: true };
const layouts: Readonly<Record<string, Layout>> = { ".jsonl": lines, ".ndjson": lines, ".json": array };

function indented(spaces: number): Layout {
  const lineBreak = `\n${" ".repeat(spaces)}`;
  const text = (record: object) => `\n${JSON.stringify(record, null, spaces)}`.replaceAll("\n", lineBreak);
  return { ...array, begin: "[", between: ",", text };
}
