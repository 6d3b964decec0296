import { createHash } from "node:crypto";
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from "node:fs";

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

/** Ends of the names of files that {@link createJsonWriter} writes. */
export const jsonEnds = [".jsonl", ".ndjson", ".json"] as const;

/**
 * A file of JSON Lines (`.jsonl`, `.ndjson`), or of one JSON array with a record a line (`.json`).
 *
 * @param indent - Spaces that an array is indented by, in place of a record a line; as `JSON.stringify` has it.
 */
export function createJsonWriter(path: string, end: (typeof jsonEnds)[number], indent = 0): RecordWriter {
  const layout = end !== ".json" ? lines : indent > 0 ? indented(indent) : array;
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
}

const text = (record: object): string => JSON.stringify(record);
const lines: Layout = { begin: "", between: "\n", end: "\n", endOfNone: "", text };
const array: Layout = { begin: "[\n", between: ",\n", end: "\n]\n", endOfNone: "]\n", text };

function indented(spaces: number): Layout {
  const lineBreak = `\n${" ".repeat(spaces)}`;
  const text = (record: object) => `\n${JSON.stringify(record, null, spaces)}`.replaceAll("\n", lineBreak);
  return { ...array, begin: "[", between: ",", text };
}
