import { rm, stat } from "node:fs/promises";
import { progress } from "@videor1/cli";
import { DatasetError, DecodeError, MediaNotFoundError, resolveVideo } from "@videor1/data";
import { fileSha256 } from "../files/file-sha256.ts";
import { openJournal } from "../files/journal.ts";

export interface HashMediaOptions {
  mediaRoot: string;
  concurrency: number;
  /** What was hashed is kept there until `finish`; a file of another size or time is hashed again. */
  journal: string;
  signal: AbortSignal;
}

interface Line {
  /** Bytes and time of each file, which tell whether it is the one that was hashed. */
  seen: string;
  hashes: string[];
}

/**
 * SHA-256 of the bytes of each media file, or of every frame of a folder.
 *
 * @returns the hashes of each path that could be read, why the others could not, and what removes the journal.
 */
export async function hashMedia(
  paths: readonly string[],
  { mediaRoot, concurrency, journal: journalPath, signal }: HashMediaOptions,
): Promise<{ hashes: Map<string, readonly string[]>; unread: Map<string, string>; finish: () => Promise<void> }> {
  const journal = openJournal<Line>(journalPath, { settings: { mediaRoot } });
  const hashes = new Map<string, readonly string[]>();
  const unread = new Map<string, string>();
  const bar = progress({ label: "media", total: paths.length });

  async function hashPath(path: string): Promise<void> {
    try {
      const files = [await resolveVideo(mediaRoot, path)].flat();
      const stats = await Promise.all(files.map((file) => stat(file)));
      const seen = stats.map(({ size, mtimeMs }) => `${size} ${mtimeMs}`).join(", ");
      const known = journal.read(path);
      if (known?.seen === seen) return void hashes.set(path, known.hashes);
      const found: string[] = [];
      for (const file of files) found.push(await fileSha256(file));
      journal.add(path, { seen, hashes: found });
      hashes.set(path, found);
    } catch (error) {
      const kinds = [MediaNotFoundError, DecodeError, DatasetError];
      if (!kinds.some((kind) => error instanceof kind)) throw error;
      unread.set(path, (error as Error).message);
    }
  }

  const waiting = paths.values();
  let done = 0;
  async function work(): Promise<void> {
    for (const path of waiting) {
      signal.throwIfAborted();
      await hashPath(path);
      done += 1;
      bar.update(done);
    }
  }
  try {
    const ends = await Promise.allSettled(Array.from({ length: concurrency }, work));
    for (const end of ends) if (end.status === "rejected") throw end.reason;
  } finally {
    bar.stop();
    journal.close();
  }
  return { hashes, unread, finish: () => rm(journalPath, { force: true }) };
}
