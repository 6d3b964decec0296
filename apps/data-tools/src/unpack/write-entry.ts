import {
  closeSync,
  fchmodSync,
  fstatSync,
  futimesSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import { setImmediate } from "node:timers/promises";
import { crc32 } from "node:zlib";
import type { ArchiveEntry } from "./archive-entry.ts";

export interface WriteEntryOptions {
  /** Where the content is written first; on the same file system. */
  temporary: string;
  signal: AbortSignal;
  /** Asked with the content's CRC-32 before the file appears; false: it does not. */
  mayAppear?: (crc: number) => boolean;
}

/** Bytes after which others of this process, such as Ctrl-C, get a turn. */
const turnBytes = 4 << 20;

/** The content of an entry is not what the archive says of it. */
export class EntryError extends Error {
  override readonly name = "EntryError";
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/**
 * Writes the content of an entry to `path`, where it appears whole or not at all, with mode 0644 or 0755 and the entry's time.
 *
 * @returns Whether it appeared. @throws {EntryError} ENTRY_BROKEN if the content cannot be read, or has another size or CRC-32 than the
 * archive says; errors of the file system as they are.
 */
export async function writeEntry(
  entry: ArchiveEntry,
  path: string,
  { temporary, signal, mayAppear = () => true }: WriteEntryOptions,
): Promise<boolean> {
  const file = openSync(temporary, "w");
  let isDone = false;
  try {
    let [bytes, crc, turn] = [0, 0, 0];
    for await (const chunk of contentOf(entry)) {
      signal.throwIfAborted();
      bytes += chunk.length;
      if (bytes > entry.bytes) throw wrongSize(entry, `more than ${entry.bytes}`);
      crc = crc32(chunk, crc);
      for (let at = 0; at < chunk.length; ) at += writeSync(file, chunk, at);
      turn += chunk.length;
      if (turn >= turnBytes) {
        turn = 0;
        await setImmediate();
      }
    }
    if (bytes !== entry.bytes) throw wrongSize(entry, String(bytes));
    if (entry.crc !== undefined && crc !== entry.crc)
      throw new EntryError("ENTRY_BROKEN", `its content has CRC-32 ${hex(crc)}, and should have ${hex(entry.crc)}`);
    if (!mayAppear(crc)) return false;
    fchmodSync(file, entry.isExecutable ? 0o755 : 0o644);
    futimesSync(file, entry.modified, entry.modified);
    isDone = true;
  } finally {
    closeSync(file);
    if (!isDone) rmSync(temporary, { force: true });
  }
  renameSync(temporary, path);
  return true;
}

async function* contentOf(entry: ArchiveEntry): AsyncGenerator<Buffer> {
  try {
    yield* entry.read();
  } catch (cause) {
    throw new EntryError("ENTRY_BROKEN", `its content cannot be read (${(cause as Error).message})`, { cause });
  }
}

const wrongSize = (entry: ArchiveEntry, bytes: string) =>
  new EntryError("ENTRY_BROKEN", `its content has ${bytes} bytes, and the archive says ${entry.bytes}`);

const hex = (crc: number): string => crc.toString(16).padStart(8, "0");

/** CRC-32 of a file. */
export function fileCrc(path: string): number {
  const file = openSync(path, "r");
  try {
    const chunk = Buffer.allocUnsafe(Math.min(1 << 20, fstatSync(file).size + 1));
    let crc = 0;
    for (let count = readSync(file, chunk); count > 0; count = readSync(file, chunk))
      crc = crc32(chunk.subarray(0, count), crc);
    return crc;
  } finally {
    closeSync(file);
  }
}
