import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, rmSync, statSync } from "node:fs";
import { basename, join, relative, resolve } from "node:path";
import { lockRun } from "@videor1/runs";
import { type Journal, JournalError, openJournal } from "../files/journal.ts";
import type { Archive } from "./find-archives.ts";

/** A file that was unpacked, as it was left on disk. */
export interface UnpackedLine {
  bytes: number;
  /** Milliseconds. */
  modified: number;
}

/** The folder, in every output, of journals, the lock and the file that is being written. */
export const workFolder = ".videor1-unpack";

/** Claims the work folder of an output for this process, and clears what a killed one left. */
export function claimWork(root: string): { temporary: string; release(): void } {
  const folder = join(root, workFolder);
  mkdirSync(folder, { recursive: true });
  const { release } = lockRun(folder);
  const temporaries = readdirSync(folder).filter((name) => name.endsWith(".tmp"));
  for (const name of temporaries) rmSync(join(folder, name));
  return { temporary: join(folder, "entry.tmp"), release };
}

/**
 * The journal of an archive in an output: it stays there, so that a later command looks no file over again. One of an archive that has
 * changed since is begun anew; the files that are there are then compared by content.
 */
export function openUnpackJournal(root: string, archive: Archive, strip: number): Journal<UnpackedLine> {
  const from = relative(root, resolve(archive.path));
  const name = `${basename(archive.path)}-${createHash("sha256").update(from).digest("hex").slice(0, 8)}.jsonl`;
  const path = join(root, workFolder, name);
  const parts = archive.files.map((file) => {
    const { size, mtimeMs } = statSync(file);
    return [size, mtimeMs];
  });
  const open = () => openJournal<UnpackedLine>(path, { settings: { strip, parts } });
  try {
    return open();
  } catch (error) {
    if (!(error instanceof JournalError)) throw error;
    rmSync(path);
    return open();
  }
}
