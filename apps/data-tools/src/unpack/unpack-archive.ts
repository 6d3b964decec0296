import { utimesSync } from "node:fs";
import { basename, join } from "node:path";
import { DataToolError, isDiskError } from "../files/data-tool-error.ts";
import type { GuardedFolder } from "../files/guarded-folder.ts";
import { PathError, relativePath } from "../files/relative-path.ts";
import type { ArchiveEntry } from "./archive-entry.ts";
import { type Archive, multiDisk } from "./find-archives.ts";
import type { ArchiveLimits } from "./limits.ts";
import { type ArchiveLink, makeLink, textOf } from "./links.ts";
import { placeFile } from "./place-file.ts";
import type { Tally } from "./tally.ts";
import { tarEntries } from "./tar-entries.ts";
import { openUnpackJournal, workFolder } from "./unpack-journal.ts";
import { EntryError } from "./write-entry.ts";
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
  const links: (ArchiveLink & { name: string })[] = [];
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
    } else if (entry.kind === "file") {
      claim(path);
      const end = await placeFile(path, entry, { ...options, journal });
      tally[end === "written" ? "files" : "kept"] += 1;
      if (end === "written") tally.bytes += entry.bytes;
    } else if (entry.kind === "other")
      throw new EntryError("ENTRY_KIND", entry.fault ?? "it is no file, folder or link");
    else {
      claim(path);
      const { kind, name } = entry;
      links.push({ path, name, kind, to: entry.linkTo ?? (await textOf(entry)) });
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
    for (const link of links)
      await attempt(link.name, () => {
        makeLink(target, link, strip);
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

/** Whether an error of one entry is that of the run, such as a full disk, or of the whole archive. */
function endsAll(error: unknown): boolean {
  if (isDiskError(error)) return true;
  return error instanceof DataToolError && error.code.startsWith("UNPACK_");
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
