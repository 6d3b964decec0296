import { linkSync, lstatSync, readlinkSync, type Stats, symlinkSync, utimesSync } from "node:fs";
import { basename, join } from "node:path";
import { DataToolError, isDiskError } from "../files/data-tool-error.ts";
import type { GuardedFolder } from "../files/guarded-folder.ts";
import { PathError, relativePath } from "../files/relative-path.ts";
import type { ArchiveEntry } from "./archive-entry.ts";
import { type Archive, multiDisk } from "./find-archives.ts";
import type { ArchiveLimits } from "./limits.ts";
import { linkText } from "./links.ts";
import { tarEntries } from "./tar-entries.ts";
import { openUnpackJournal, workFolder } from "./unpack-journal.ts";
import { EntryError, fileCrc, writeEntry } from "./write-entry.ts";
import { zipEntries } from "./zip-entries.ts";

export interface UnpackOptions {
  target: GuardedFolder;
  /** A file that content is written to before it appears. */
  temporary: string;
  /** Leading folders of every name that are left out. */
  strip: number;
  overwrite: boolean;
  limits: ArchiveLimits;
  signal: AbortSignal;
  /** Called with the bytes of the archive that are done. */
  onPosition(bytes: number): void;
}

/** An entry that was not unpacked, and why. */
export interface Refusal {
  entry: string;
  code: string;
  reason: string;
}

/** How often an archive's entries ended in which way; every entry ends once. */
export interface Tally {
  entries: number;
  /** Files written. */
  files: number;
  /** Files that were there, with the same content. */
  kept: number;
  folders: number;
  links: number;
  /** Entries whose name has no more parts than are left out. */
  stripped: number;
  refused: number;
  /** Of the files written. */
  bytes: number;
  /** The first thousand. */
  refusals: Refusal[];
}

export const emptyTally = (): Tally => ({
  entries: 0,
  files: 0,
  kept: 0,
  folders: 0,
  links: 0,
  stripped: 0,
  refused: 0,
  bytes: 0,
  refusals: [],
});

/**
 * Unpacks an archive below a folder, entry by entry, counting into `tally`. Files that an earlier command has finished are passed over.
 *
 * @throws {DataToolError} If the archive as a whole cannot be unpacked; what was unpacked of it stays.
 */
export async function unpackArchive(archive: Archive, options: UnpackOptions, tally: Tally): Promise<void> {
  if (archive.fault !== undefined) throw archive.fault;
  const { target, strip, signal, limits } = options;
  const journal = openUnpackJournal(target.root, archive, strip);
  const seen = new Map<string, string>();
  const links: { path: string; entry: ArchiveEntry; to: string }[] = [];
  const folders: { path: string; modified: Date }[] = [];
  let declared = 0;

  const refuse = (name: string, error: Error & { code?: string }) => {
    tally.refused += 1;
    if (tally.refusals.length < 1000)
      tally.refusals.push({ entry: name, code: error.code ?? "ENTRY_BROKEN", reason: error.message });
  };
  /** Reserves the path of an entry. */
  const claim = (path: string): void => {
    const form = target.form(path);
    const other = seen.get(form);
    if (other === path) throw new EntryError("ENTRY_TWICE", "the archive has another entry of this name before it");
    if (other !== undefined)
      throw new EntryError("ENTRY_SAME_NAME", `this file system takes it for the same name as ${other}`);
    seen.set(form, path);
  };
  const placeFile = async (path: string, entry: ArchiveEntry): Promise<void> => {
    claim(path);
    if (entry.fault !== undefined) throw new EntryError("ENTRY_UNREADABLE", entry.fault);
    const file = target.place(path);
    const there = lstatSync(file, { throwIfNoEntry: false });
    const line = there?.isFile() ? journal.read(path) : undefined;
    if (there && line?.bytes === there.size && line.modified === there.mtimeMs) {
      tally.kept += 1;
      return await entry.skip();
    }
    if (there && !there.isFile()) throw taken(there);
    const isSame = (crc: number) => there!.size === entry.bytes && crc === fileCrc(file);
    const keep = ({ size: bytes, mtimeMs: modified }: Stats) => {
      tally.kept += 1;
      journal.add(path, { bytes, modified });
    };
    if (there && entry.crc !== undefined && isSame(entry.crc)) {
      keep(there);
      return await entry.skip();
    }
    const isKnownOther = there && (entry.crc !== undefined || there.size !== entry.bytes);
    if (isKnownOther && !options.overwrite) throw differs();
    limits.beforeWriting(entry.bytes);
    let same = false;
    const mayAppear = (crc: number) => {
      same = there !== undefined && entry.crc === undefined && isSame(crc);
      return !same && (there === undefined || options.overwrite);
    };
    const { temporary } = options;
    if (await writeEntry(entry, file, { temporary, signal, mayAppear })) {
      tally.files += 1;
      tally.bytes += entry.bytes;
      journal.add(path, { bytes: entry.bytes, modified: lstatSync(file).mtimeMs });
    } else if (same) keep(there!);
    else throw differs();
  };
  const place = async (entry: ArchiveEntry): Promise<void> => {
    const path = relativePath(entry.name, { skip: strip });
    if (path === "") {
      tally[entry.kind === "folder" ? "folders" : "stripped"] += 1;
      return;
    }
    if (path.split("/")[0] === workFolder)
      throw new EntryError("ENTRY_TAKEN", `${workFolder} holds what this command needs`);
    if (entry.kind === "folder") {
      target.place(`${path}/x`);
      folders.push({ path, modified: entry.modified });
      tally.folders += 1;
    } else if (entry.kind === "file") await placeFile(path, entry);
    else if (entry.kind === "other") throw new EntryError("ENTRY_KIND", entry.fault ?? "it is no file, folder or link");
    else {
      claim(path);
      links.push({ path, entry: { ...entry }, to: entry.linkTo ?? (await textOf(entry)) });
    }
  };
  /** Ends an entry, unless it is a link, which ends later. */
  const attempt = async (name: string, action: () => Promise<void> | void) => {
    const waiting = links.length;
    try {
      await action();
    } catch (error) {
      signal.throwIfAborted();
      if (endsAll(error) || !(error instanceof Error)) throw error;
      refuse(name, error);
    }
    if (links.length === waiting) tally.entries += 1;
  };

  try {
    const read = { onPosition: options.onPosition, onUnpacked: limits.unpacked };
    const entries =
      archive.kind === "zip" ? zipEntries(archive.files, read) : tarEntries(archive.files, archive.kind, read);
    for await (const entry of entries) {
      signal.throwIfAborted();
      declared += entry.bytes;
      limits.unpacked(declared);
      await attempt(entry.name, () => place(entry));
    }
    // links come last, so that nothing is written through them
    for (const { path, entry, to } of links)
      await attempt(entry.name, () => {
        makeLink(target, path, entry, relativeTo(path, entry, to, strip));
        tally.links += 1;
      });
    for (const { path, modified } of folders.reverse()) utimesSync(join(target.root, path), modified, modified);
  } catch (error) {
    signal.throwIfAborted();
    throw archiveError(archive, error);
  } finally {
    journal.close();
  }
}

const taken = (there: Stats) =>
  new EntryError("ENTRY_TAKEN", `there is a ${there.isDirectory() ? "folder" : "link"} of this name`);
const differs = () =>
  new EntryError("ENTRY_DIFFERS", "there is a file of this name with other content; overwrite=true replaces it");

/** Whether an error of one entry is that of the run, such as a full disk, or of the whole archive. */
function endsAll(error: unknown): boolean {
  if (isDiskError(error)) return true;
  return error instanceof DataToolError && error.code.startsWith("UNPACK_");
}

async function textOf(entry: ArchiveEntry): Promise<string> {
  if (entry.fault !== undefined) throw new EntryError("ENTRY_UNREADABLE", entry.fault);
  if (entry.bytes > 4096) throw new EntryError("ENTRY_LINK", `a symbolic link of ${entry.bytes} bytes`);
  const chunks: Buffer[] = [];
  for await (const chunk of entry.read()) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

/** What a link is made of: a symbolic link's text, a hard link's path below the output. */
function relativeTo(path: string, entry: ArchiveEntry, to: string, strip: number): string {
  return entry.kind === "symbolic link" ? linkText(path, to) : relativePath(to, { skip: strip });
}

function makeLink(target: GuardedFolder, path: string, entry: ArchiveEntry, to: string): void {
  const file = target.place(path);
  const there = lstatSync(file, { throwIfNoEntry: false });
  if (there?.isDirectory()) throw taken(there);
  if (entry.kind === "symbolic link") {
    if (there === undefined) symlinkSync(to, file);
    else if (!there.isSymbolicLink() || readlinkSync(file) !== to) throw differs();
    return;
  }
  const source = to === "" ? undefined : lstatSync(target.place(to), { throwIfNoEntry: false });
  if (!source?.isFile()) throw new EntryError("ENTRY_LINK", `a hard link to ${to}, which is no file here`);
  if (there === undefined) linkSync(target.place(to), file);
  else if (there.ino !== source.ino) throw differs();
}

/** An error of reading an archive, with its name and what to do. */
function archiveError({ path, files }: Archive, error: unknown): unknown {
  if (error instanceof PathError || isDiskError(error) || !(error instanceof Error)) return error;
  if (error instanceof DataToolError)
    return new DataToolError(
      error.code,
      error.message.startsWith("/") ? error.message : `${path}: ${error.message}`,
      error.hint,
    );
  if (/multi-disk/.test(error.message)) return multiDisk(path, error.message);
  const parts = files.length > 1 ? ` (in ${files.length} parts, to ${basename(files.at(-1)!)})` : "";
  const hint =
    "Fetch it again: it is cut short, was changed on its way, or is no such archive. What was unpacked stays.";
  return new DataToolError("UNPACK_BROKEN", `${path}${parts}: cannot be read (${error.message})`, hint, {
    cause: error,
  });
}
