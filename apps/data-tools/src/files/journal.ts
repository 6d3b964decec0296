import {
  closeSync,
  existsSync,
  fstatSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readSync,
  rmSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { lockRun } from "@videor1/runs";

/** What a verb has finished so far, a line an item, in a file that survives `kill -9`. Of the lines only places are held. */
export interface Journal<Line extends object> {
  /** Items finished, those of earlier processes too. */
  readonly size: number;
  has(key: string): boolean;
  /** The line of a finished item; undefined if there is none. */
  read(key: string): Line | undefined;
  /** Adds a finished item; one that is there already is replaced. */
  add(key: string, line: Line): void;
  close(): void;
}

export interface JournalOptions {
  /** Plain values that decide what an item's line is. A journal that was begun with others is refused. */
  settings: object;
}

/** A journal of another work, or one that was changed. */
export class JournalError extends Error {
  override readonly name = "JournalError";
  readonly code = "JOURNAL_OTHER";
  readonly hint: string;

  constructor(path: string, reason: string, hint: string) {
    super(`${path}: ${reason}`);
    this.hint = hint;
  }
}

/**
 * Opens the journal at `path`, or begins it. A last line that a crash cut short is removed; its item is then not finished. One
 * that has no item yet takes these settings. Until it is closed no other process can open it.
 *
 * @throws {JournalError} If it was begun with other settings, or a line of it is not one of a journal.
 * @throws {CheckpointError} RUN_LOCKED, if a living process has it open.
 */
export function openJournal<Line extends object>(path: string, { settings }: JournalOptions): Journal<Line> {
  const plain: unknown = JSON.parse(JSON.stringify(settings));
  mkdirSync(dirname(path), { recursive: true });
  const lock = lockRun(`${path}.lock`);
  const unlock = () => {
    lock.release();
    rmSync(`${path}.lock`, { recursive: true, force: true });
  };
  const isNew = !existsSync(path);
  const file = openSync(path, isNew ? "w+" : "r+");
  const places = new Map<string, { start: number; bytes: number }>();
  let end = 0;
  const append = (value: object): { start: number; bytes: number } => {
    const line = Buffer.from(`${JSON.stringify(value)}\n`);
    for (let at = 0; at < line.length; ) at += writeSync(file, line, at, line.length - at, end + at);
    const start = end;
    end += line.length;
    return { start, bytes: line.length };
  };
  const parse = (text: Buffer, number: number): Record<string, unknown> => {
    try {
      return JSON.parse(text.toString()) as Record<string, unknown>;
    } catch (cause) {
      const hint = "Delete the journal to begin again, or restore it from a copy.";
      throw new JournalError(path, `line ${number} is not JSON (${(cause as Error).message})`, hint);
    }
  };
  try {
    let number = 0;
    let begun: unknown;
    for (const { start, text } of wholeLines(file)) {
      number += 1;
      const value = parse(text, number);
      if (number === 1) begun = value.settings;
      else places.set(String(value.key), { start, bytes: text.length });
      end = start + text.length + 1;
    }
    const isForeign = number > 0 && begun === undefined;
    if (places.size > 0 || isForeign) checkSettings(path, begun, plain);
    else end = 0;
    if (fstatSync(file).size > end) ftruncateSync(file, end);
    if (end === 0) append({ settings: plain });
  } catch (error) {
    closeSync(file);
    unlock();
    throw error;
  }
  return {
    get size() {
      return places.size;
    },
    has: (key) => places.has(key),
    read(key) {
      const place = places.get(key);
      if (place === undefined) return undefined;
      const text = Buffer.alloc(place.bytes);
      readSync(file, text, 0, place.bytes, place.start);
      return (JSON.parse(text.toString()) as { line: Line }).line;
    },
    add: (key, line) => void places.set(key, append({ key, line })),
    close() {
      closeSync(file);
      unlock();
    },
  };
}

function checkSettings(path: string, begun: unknown, settings: unknown): void {
  if (isDeepStrictEqual(begun, settings)) return;
  const [before, now] = [begun, settings].map((value) => (Object(value) ?? {}) as Record<string, unknown>) as [
    Record<string, unknown>,
    Record<string, unknown>,
  ];
  const changed = [...new Set([...Object.keys(before), ...Object.keys(now)])].filter(
    (key) => !isDeepStrictEqual(before[key], now[key]),
  );
  const what = changed.map((key) => `${key} ${JSON.stringify(before[key])}, now ${JSON.stringify(now[key])}`);
  throw new JournalError(
    path,
    `was begun with other settings: ${what.join("; ")}`,
    "Take these settings back, name another output, or delete the journal to begin again.",
  );
}

/** Lines that end in a line break, with their byte offsets. */
function* wholeLines(file: number): Generator<{ start: number; text: Buffer }> {
  const chunk = Buffer.alloc(1 << 20);
  let rest: Buffer = Buffer.alloc(0);
  let start = 0;
  for (let at = 0; ; ) {
    const count = readSync(file, chunk, 0, chunk.length, at);
    if (count === 0) return;
    at += count;
    const bytes = Buffer.concat([rest, chunk.subarray(0, count)]);
    let from = 0;
    for (let to = bytes.indexOf(10); to >= 0; to = bytes.indexOf(10, from)) {
      yield { start: start + from, text: bytes.subarray(from, to) };
      from = to + 1;
    }
    rest = bytes.subarray(from);
    start += from;
  }
}
