import { setMaxListeners } from "node:events";
import { statSync } from "node:fs";
import { join } from "node:path";
import { DataToolError, isDiskError } from "../files/data-tool-error.ts";
import { globFilter } from "../files/glob.ts";
import { forEach } from "../for-each.ts";
import { checkAny, checkDisk } from "./before-fetching.ts";
import { createCacheStore, repoFolder } from "./cache-store.ts";
import type { FetchConfig } from "./config.ts";
import { download } from "./download.ts";
import { createFolderStore } from "./folder-store.ts";
import { openHub } from "./hub.ts";
import { PassingError } from "./hub-error.ts";
import type { HubSettings } from "./hub-settings.ts";
import { listRepo, lost } from "./list-repo.ts";
import { offlineListing } from "./offline.ts";
import { showBytes } from "./show-bytes.ts";
import type { Job } from "./store.ts";

export interface FetchOptions {
  settings: HubSettings;
  signal: AbortSignal;
  print(line: string): void;
  /** For tests. */
  sleep?: (milliseconds: number) => Promise<void>;
}

/** Every file that is wanted ends in one of: fetched, there, failed, refused. */
export interface FetchResult {
  repo: string;
  revision: string;
  commit: string;
  /** Where the files are. */
  folder: string;
  files: number;
  fetched: number;
  there: number;
  failed: number;
  /** Files whose names are no paths below a folder. */
  refused: number;
  /** Of all files that are there now. */
  bytes: number;
  /** Bytes that came over the network. */
  received: number;
  failures: { path: string; code: string; reason: string; hint: string }[];
}

/** Errors that are those of one file; the others would meet every file. */
const ofOneFile = ["FETCH_HASH", "FETCH_LOST", "FETCH_NOT_THERE", "FETCH_TAKEN", "PATH_LINK", "PATH_TAKEN"];

/**
 * Fetches the files of a repository that are wanted and not there yet.
 *
 * @throws {DataToolError} If no file can be fetched: the repository, the Hub or the disk is at fault.
 */
export async function fetchRepo(config: FetchConfig, options: FetchOptions): Promise<FetchResult> {
  const { repo, repoType, revision, include, exclude, output, overwrite, concurrency } = config;
  const { settings, print, sleep } = options;
  const broken = new AbortController();
  const signal = AbortSignal.any([options.signal, broken.signal]);
  setMaxListeners(0, signal); // every request listens
  const onRetry = (message: string, milliseconds: number) =>
    print(`${message}; again in ${Math.round(milliseconds / 1000)} s`);
  const stallMs = config.stallSeconds * 1000;
  const hub = openHub({ ...config, settings, stallMs, signal, onRetry, ...(sleep && { sleep }) });
  const wanted = globFilter(include, exclude, { crossing: true });
  const own = repoFolder(settings.cache, repoType, repo);
  const { commit, files, unsafe } = settings.isOffline
    ? offlineListing(own, config, wanted)
    : await listRepo(hub, wanted);
  checkAny(files.length + unsafe.length, repo, include, exclude);

  const store =
    output === undefined
      ? createCacheStore({ cache: settings.cache, repoType, repo, revision, commit })
      : createFolderStore({ output, commit, overwrite, signal, blobOf: ({ etag }) => join(own, "blobs", etag) });
  const hint = "It is not fetched: ask the makers of the data set to rename it.";
  const result: FetchResult = {
    repo,
    revision,
    commit,
    folder: store.folder,
    files: files.length + unsafe.length,
    fetched: 0,
    there: 0,
    failed: 0,
    refused: unsafe.length,
    bytes: 0,
    received: 0,
    failures: unsafe.map(({ path, reason }) => ({ path, code: "PATH_UNSAFE", reason, hint })),
  };
  const count = (key: "fetched" | "there", { file, paths }: Job) => {
    result[key] += paths.length;
    result.bytes += file.bytes * paths.length;
  };
  const fail = ({ paths }: Job, { code, message: reason, hint }: DataToolError) => {
    result.failed += paths.length;
    for (const path of paths) result.failures.push({ path, code, reason, hint });
  };
  const failOrThrow = (job: Job, error: unknown) => {
    signal.throwIfAborted();
    if (!(error instanceof DataToolError) || !ofOneFile.includes(error.code) || isDiskError(error)) throw error;
    fail(job, error);
  };

  const missing: Job[] = [];
  for (const job of store.jobs(files)) {
    signal.throwIfAborted();
    try {
      if (await store.isThere(job)) count("there", job);
      else missing.push(job);
    } catch (error) {
      failOrThrow(job, error);
    }
  }
  const total = missing.reduce((sum, { file }) => sum + file.bytes, 0);
  const partial = missing.reduce((sum, job) => sum + Math.min(job.file.bytes, sizeOf(store.part(job))), 0);
  checkDisk(store.folder, total - partial);
  const shown = showBytes("fetch", total, partial);
  let lostInRow = 0;
  const work = async (job: Job) => {
    try {
      const part = store.part(job);
      const received = await download(job.file, { hub, commit, part, signal, onBytes: shown.add });
      result.received += received;
      store.finish(job);
      count("fetched", job);
      lostInRow = 0;
    } catch (error) {
      if (!(error instanceof PassingError)) return failOrThrow(job, error);
      lostInRow += 1;
      if (lostInRow > 2 * concurrency) throw lost(hub, error);
      fail(job, lost(hub, error));
    }
  };
  const workOrBreak = (job: Job) =>
    work(job).catch((error) => {
      broken.abort(error);
      throw error;
    });
  try {
    await forEach(missing, { concurrency, signal }, workOrBreak);
  } finally {
    shown.stop();
  }
  result.failures.sort((a, b) => (a.path < b.path ? -1 : 1));
  return result;
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
