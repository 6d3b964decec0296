import { lstatSync, type Stats } from "node:fs";
import type { GuardedFolder } from "../files/guarded-folder.ts";
import type { Journal } from "../files/journal.ts";
import type { ArchiveEntry } from "./archive-entry.ts";
import type { ArchiveLimits } from "./limits.ts";
import type { UnpackedLine } from "./unpack-journal.ts";
import { EntryError, fileCrc, writeEntry } from "./write-entry.ts";

export interface PlaceFileOptions {
  target: GuardedFolder;
  journal: Journal<UnpackedLine>;
  /** A file that content is written to before it appears. */
  temporary: string;
  overwrite: boolean;
  limits: ArchiveLimits;
  signal: AbortSignal;
}

/**
 * Puts the content of an entry at its path, unless it is there: as the journal says, or by its size and CRC-32.
 *
 * @throws {EntryError} ENTRY_DIFFERS, ENTRY_TAKEN if something else is there; as `writeEntry`.
 */
export async function placeFile(
  path: string,
  entry: ArchiveEntry,
  options: PlaceFileOptions,
): Promise<"written" | "kept"> {
  const { target, journal, temporary, overwrite, limits, signal } = options;
  if (entry.fault !== undefined) throw new EntryError("ENTRY_UNREADABLE", entry.fault);
  const file = target.place(path);
  const there = lstatSync(file, { throwIfNoEntry: false });
  if (there && !there.isFile()) throw taken(there);
  const line = there && journal.read(path);
  if (there && line?.bytes === there.size && line.modified === there.mtimeMs) {
    await entry.skip();
    return "kept";
  }
  const note = ({ size: bytes, mtimeMs: modified }: Stats) => journal.add(path, { bytes, modified });
  const isSame = (crc: number) => there?.size === entry.bytes && crc === fileCrc(file);
  if (there && entry.crc !== undefined && isSame(entry.crc)) {
    note(there);
    await entry.skip();
    return "kept";
  }
  const isKnownOther = there && (entry.crc !== undefined || there.size !== entry.bytes);
  if (isKnownOther && !overwrite) throw differs();
  limits.beforeWriting(entry.bytes);
  let isKept = false;
  const mayAppear = (crc: number) => {
    isKept = entry.crc === undefined && isSame(crc);
    return !isKept && (there === undefined || overwrite);
  };
  const isWritten = await writeEntry(entry, file, { temporary, signal, mayAppear });
  if (!isWritten && !isKept) throw differs();
  note(lstatSync(file));
  return isWritten ? "written" : "kept";
}

/** What is at an entry's path is no file. */
export const taken = (there: Stats) =>
  new EntryError("ENTRY_TAKEN", `there is a ${there.isDirectory() ? "folder" : "link"} of this name`);

/** What is at an entry's path is another file, or link. */
export const differs = () =>
  new EntryError("ENTRY_DIFFERS", "there is a file of this name with other content; overwrite=true replaces it");
