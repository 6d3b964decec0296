import { createHash } from "node:crypto";
import { constants, copyFileSync, lstatSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { DataToolError } from "../files/data-tool-error.ts";
import { guardFolder } from "../files/guarded-folder.ts";
import { contentHash, hashFile } from "./content-hash.ts";
import type { RepoFile } from "./list-repo.ts";
import type { Job, Store } from "./store.ts";

export interface FolderStoreOptions {
  output: string;
  commit: string;
  overwrite: boolean;
  signal: AbortSignal;
  /** The blob of a content in the Hub's cache, where it is copied from if it is there. */
  blobOf(file: RepoFile): string;
}

/**
 * A plain folder of the files, as Python's `local_dir`: what is known of each lies in `.cache/huggingface/download`, so that
 * neither fetches again what the other has.
 */
export function createFolderStore({ output, commit, overwrite, signal, blobOf }: FolderStoreOptions): Store {
  const target = guardFolder(output);
  const work = join(target.root, ".cache", "huggingface", "download");
  const notes = guardFolder(work);
  const note = (path: string) => notes.place(`${path}.metadata`);
  const know = (path: string, etag: string) =>
    writeFileSync(note(path), `${commit}\n${etag}\n${(Date.now() / 1000).toFixed(3)}\n`);
  const partOf = ({ file }: Job) => {
    const name = createHash("sha256").update(file.path).digest("hex").slice(0, 12);
    return join(work, `${name}.${file.etag}.incomplete`);
  };
  const finish = (job: Job) => {
    const { file } = job;
    renameSync(partOf(job), target.place(file.path));
    know(file.path, file.etag);
  };
  return {
    folder: target.root,
    jobs: (files) => files.map((file) => ({ file, paths: [file.path] })),
    async isThere(job) {
      const { file } = job;
      const path = target.place(file.path);
      const there = lstatSync(path, { throwIfNoEntry: false });
      if (there !== undefined) {
        if (!there.isFile()) throw taken(file.path, "is there and no file");
        if (there.size === file.bytes) {
          if (isKnown(note(file.path), file.etag, there.mtimeMs)) return true;
          const hash = await hashFile(path, contentHash(file.etag, file.bytes), signal);
          if (hash.digest("hex") === file.etag) {
            know(file.path, file.etag);
            return true;
          }
        }
        if (!overwrite && !isOurs(note(file.path), there.mtimeMs))
          throw taken(file.path, "is there with other content");
      }
      const blob = blobOf(file);
      if (lstatSync(blob, { throwIfNoEntry: false })?.size !== file.bytes) return false;
      mkdirSync(dirname(partOf(job)), { recursive: true });
      copyFileSync(blob, partOf(job), constants.COPYFILE_FICLONE);
      finish(job);
      return true;
    },
    part: partOf,
    finish,
  };
}

/** What a note says, if the file has not been changed since. */
function noted(note: string, mtimeMs: number): string | undefined {
  try {
    const [, etag, seconds] = readFileSync(note, "utf8").split("\n");
    return mtimeMs / 1000 - 1 <= Number(seconds) ? etag : undefined;
  } catch {
    return undefined;
  }
}

const isKnown = (note: string, etag: string, mtimeMs: number) => noted(note, mtimeMs) === etag;
/** A file of another revision that was fetched here, and not changed. */
const isOurs = (note: string, mtimeMs: number) => noted(note, mtimeMs) !== undefined;

function taken(path: string, what: string): DataToolError {
  return new DataToolError("FETCH_TAKEN", `${path} ${what}`, "overwrite=true replaces it; or name another output.");
}
