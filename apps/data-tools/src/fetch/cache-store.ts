import {
  copyFileSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, relative } from "node:path";
import { guardFolder } from "../files/guarded-folder.ts";
import type { RepoType } from "./hub.ts";
import type { RepoFile } from "./list-repo.ts";
import type { Job, Store } from "./store.ts";

/** A repository's folder in the Hub's cache, as Python's huggingface_hub lays it out. */
export function repoFolder(cache: string, repoType: RepoType, repo: string): string {
  return join(cache, [`${repoType}s`, ...repo.split("/")].join("--"));
}

/** The commit that a revision was when it was last fetched; a commit is its own. */
export function cachedCommit(folder: string, revision: string): string | undefined {
  if (/^[0-9a-f]{40}$/.test(revision)) return revision;
  try {
    return readFileSync(join(folder, "refs", ...revision.split("/")), "utf8").trim();
  } catch {
    return undefined;
  }
}

export interface CacheStoreOptions {
  cache: string;
  repoType: RepoType;
  repo: string;
  revision: string;
  commit: string;
}

/** The Hub's cache: `blobs/<etag>`, `snapshots/<commit>/<path>`, which link to blobs, and `refs/<revision>`, which name a commit. */
export function createCacheStore({ cache, repoType, repo, revision, commit }: CacheStoreOptions): Store {
  const folder = repoFolder(cache, repoType, repo);
  const blobs = join(folder, "blobs");
  mkdirSync(blobs, { recursive: true });
  const snapshot = guardFolder(join(folder, "snapshots", commit));
  if (revision !== commit) writeRef(join(folder, "refs"), revision, commit);
  const blobOf = ({ etag }: RepoFile) => join(snapshot.root, "../../blobs", etag);
  const link = ({ file, paths }: Job) => {
    for (const path of paths) linkBlob(snapshot.place(path), blobOf(file), file.bytes);
  };
  return {
    folder: snapshot.root,
    jobs(files) {
      const jobs = new Map<string, Job>();
      for (const file of files) {
        const job = jobs.get(file.etag);
        if (job === undefined) jobs.set(file.etag, { file, paths: [file.path] });
        else job.paths.push(file.path);
      }
      return [...jobs.values()];
    },
    async isThere(job) {
      const { file, paths } = job;
      const isWhole = (path: string) => {
        const there = lstatSync(path, { throwIfNoEntry: false });
        return there?.isFile() === true && there.size === file.bytes;
      };
      if (isWhole(blobOf(file))) link(job);
      // a system without links has files in the snapshot, and no blobs
      else return paths.every((path) => isWhole(snapshot.place(path)));
      return true;
    },
    part: ({ file }) => join(blobs, `${file.etag}.incomplete`),
    finish(job) {
      renameSync(join(blobs, `${job.file.etag}.incomplete`), blobOf(job.file));
      link(job);
    },
  };
}

function writeRef(refs: string, revision: string, commit: string): void {
  const path = guardFolder(refs).place(revision);
  writeFileSync(`${path}.partial`, commit);
  renameSync(`${path}.partial`, path);
}

/** Makes a file of a snapshot a relative link to its blob; a copy of it where there are no links. */
function linkBlob(path: string, blob: string, bytes: number): void {
  const target = relative(dirname(path), blob);
  const there = lstatSync(path, { throwIfNoEntry: false });
  if (there?.isFile() && there.size === bytes) return;
  if (there !== undefined) rmSync(path);
  try {
    symlinkSync(target, path);
  } catch (error) {
    if (!["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS"].includes((error as NodeJS.ErrnoException).code ?? ""))
      throw error;
    try {
      linkSync(blob, path);
    } catch {
      copyFileSync(blob, path);
    }
  }
}
