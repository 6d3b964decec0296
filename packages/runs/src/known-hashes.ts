import { createHash } from "node:crypto";
import { mkdirSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { z } from "zod";
import { replaceFile } from "./durable.ts";

/** What tells whether a file is the one that was hashed: its size, and when it was last written, in nanoseconds. */
const Seen = z.object({ name: z.string(), size: z.string(), modified: z.string() });
export type Seen = z.infer<typeof Seen>;

const Known = z.object({ path: z.string(), files: z.array(Seen), hash: z.string() });

export interface HashCache {
  /** Where the hashes are. */
  folder: string;
  /** Fewer bytes than that are read anew each time. */
  leastBytes: number;
}

/**
 * Hashes of large inputs of all runs, so that a start does not read a model twice: `hashes` in the folder `VIDEOR1_CACHE`, by
 * default `$XDG_CACHE_HOME/videor1` or `~/.cache/videor1`. It may be deleted at any time.
 */
export function userHashCache(): HashCache {
  const { VIDEOR1_CACHE, XDG_CACHE_HOME } = process.env;
  const folder = VIDEOR1_CACHE || join(XDG_CACHE_HOME || join(homedir(), ".cache"), "videor1");
  return { folder: join(folder, "hashes"), leastBytes: 2 ** 28 };
}

const fileOf = ({ folder }: HashCache, path: string) =>
  join(folder, `${createHash("sha256").update(resolve(path)).digest("hex").slice(0, 32)}.json`);

/** The hash that was kept of a path, if its files have the same sizes and times as then. */
export function knownHash(cache: HashCache, path: string, files: readonly Seen[]): string | undefined {
  try {
    const known = Known.parse(JSON.parse(readFileSync(fileOf(cache, path), "utf8")));
    return JSON.stringify(known.files) === JSON.stringify(files) ? known.hash : undefined;
  } catch {
    return undefined; // none, or damaged: the files are read
  }
}

/** A file that was written so lately could be written again without its time telling. */
const settledMs = 10_000;

/** Keeps a hash, unless a file is too new to tell by its time whether it stays the same. */
export function keepHash(cache: HashCache, path: string, files: readonly Seen[], hash: string, now = Date.now()): void {
  if (files.some(({ modified }) => Number(BigInt(modified) / 1_000_000n) > now - settledMs)) return;
  try {
    mkdirSync(cache.folder, { recursive: true });
    const known: z.infer<typeof Known> = { path: resolve(path), files: [...files], hash };
    replaceFile(fileOf(cache, path), `${JSON.stringify(known)}\n`);
  } catch {
    // no place to keep it: the next start reads the files again
  }
}
