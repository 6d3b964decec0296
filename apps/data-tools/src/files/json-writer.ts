import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from "node:fs";

/** Writes records one by one into a file that appears whole, or not at all. */
export interface RecordWriter {
  write(record: object): void;
  /** Records so far. */
  readonly count: number;
  /** Makes the file appear in place of one that was there. */
  finish(): void;
  /** Leaves nothing behind, unless it has finished. */
  discard(): void;
}

const chunkBytes = 1 << 20;

/** Ends of the names of files that {@link createJsonWriter} writes. */
export const jsonEnds = [".jsonl", ".ndjson", ".json"] as const;

/** A file of JSON Lines (`.jsonl`, `.ndjson`), or of one JSON array with a record a line (`.json`). */
export function createJsonWriter(path: string, end: (typeof jsonEnds)[number]): RecordWriter {
  const layout = layouts[end];
  const temporary = `${path}.partial`;
  const file = openSync(temporary, "w");
  let waiting = layout.begin;
  let count = 0;
  let isOpen = true;
  const flush = () => {
    const bytes = Buffer.from(waiting);
    for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
    waiting = "";
  };
  const close = () => {
    if (isOpen) closeSync(file);
    isOpen = false;
  };
  return {
    get count() {
      return count;
    },
    write(record) {
      waiting += `${count === 0 ? "" : layout.between}${JSON.stringify(record)}`;
      count += 1;
      if (waiting.length >= chunkBytes) flush();
    },
    finish() {
      waiting += count === 0 ? layout.endOfNone : layout.end;
      flush();
      fsyncSync(file);
      close();
      renameSync(temporary, path);
    },
    discard() {
      if (!isOpen) return;
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
}

const lines: Layout = { begin: "", between: "\n", end: "\n", endOfNone: "" };
const layouts: Readonly<Record<(typeof jsonEnds)[number], Layout>> = {
  ".jsonl": lines,
  ".ndjson": lines,
  ".json": { begin: "[\n", between: ",\n", end: "\n]\n", endOfNone: "]\n" },
};
