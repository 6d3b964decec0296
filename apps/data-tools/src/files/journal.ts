import {
  closeSync,
  existsSync,
  fstatSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readSync,
  rmdirSync,
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
 * @throws {JournalError} If it was begun with other settings, the file is no journal, or a line of it is not one of a journal;
 * the file is then left as it is.
 * @throws {CheckpointError} RUN_LOCKED, if a living process has it open.
 */
export function openJournal<Line extends object>(path: string, { settings }: JournalOptions): Journal<Line> {
  const plain: unknown = JSON.parse(JSON.stringify(settings));
  mkdirSync(dirname(path), { recursive: true });
  const unlock = lockFile(path);
  let file: number;
  try {
    file = openSync(path, existsSync(path) ? "r+" : "w+");
  } catch (error) {
    unlock();
    throw error;
  }
  const places = new Map<string, { start: number; bytes: number }>();
  let end = 0;
  const append = (value: object): { start: number; bytes: number } => {
    const line = Buffer.from(`${JSON.stringify(value)}\n`);
    for (let at = 0; at < line.length; ) at += writeSync(file, line, at, line.length - at, end + at);
    const start = end;
    end += line.length;
    return { start, bytes: line.length };
  };
  try {
    checkBeginning(path, file, plain);
    let number = 0;
    let begun: unknown;
    for (const { start, text } of wholeLines(file)) {
      number += 1;
      if (number === 1) begun = settingsOf(path, text);
      else places.set(keyOf(path, text, number), { start, bytes: text.length });
      end = start + text.length + 1;
    }
    if (places.size > 0) checkSettings(path, begun, plain);
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

/**
 * Takes a file for this process by the folder `<path>.lock`, as {@link lockRun} does; what it gives frees the file.
 *
 * @throws {CheckpointError} RUN_LOCKED, if a living process has it.
 */
export function lockFile(path: string): () => void {
  const folder = `${path}.lock`;
  const lock = lockRun(folder);
  return () => {
    lock.release();
    try {
      rmdirSync(folder);
    } catch {
      // the next one has it already
    }
  };
}

const mark = Buffer.from('{"settings":');

const noJournal = (path: string) =>
  new JournalError(
    path,
    "is there and is no journal",
    "Name another output, or move the file away if nobody needs it.",
  );

/** Refuses a file that begins as no journal does. Without a line break it has to be the beginning of what is written anew. */
function checkBeginning(path: string, file: number, settings: unknown): void {
  const head = Buffer.from(`${JSON.stringify({ settings })}\n`);
  const beginning = Buffer.alloc(Math.min(head.length, fstatSync(file).size));
  readSync(file, beginning, 0, beginning.length, 0);
  if (beginning.equals(head.subarray(0, beginning.length))) return;
  const isMarked = beginning.subarray(0, mark.length).equals(mark);
  if (!isMarked || wholeLines(file).next().done) throw noJournal(path);
}

/** The settings that a journal's first line says. */
function settingsOf(path: string, text: Buffer): unknown {
  try {
    const value = JSON.parse(text.toString()) as unknown;
    if (isObject(value) && Object.keys(value).length === 1 && isObject(value.settings)) return value.settings;
  } catch {
    // no JSON, so no journal
  }
  throw noJournal(path);
}

/** The key of a later line. */
function keyOf(path: string, text: Buffer, number: number): string {
  const hint = "Delete the journal to begin again, or restore it from a copy.";
  let value: unknown;
  try {
    value = JSON.parse(text.toString());
  } catch (cause) {
    throw new JournalError(path, `line ${number} is not JSON (${(cause as Error).message})`, hint);
  }
  if (isObject(value) && typeof value.key === "string" && isObject(value.line)) return value.key;
  throw new JournalError(path, `line ${number} is not one of a journal`, hint);
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;

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
