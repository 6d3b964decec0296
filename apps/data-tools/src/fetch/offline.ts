import { existsSync, readdirSync, realpathSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { DataToolError } from "../files/data-tool-error.ts";
import { cachedCommit } from "./cache-store.ts";
import type { RepoListing } from "./list-repo.ts";

/**
 * What the cache has of a revision, asking no Hub.
 *
 * @throws {DataToolError} FETCH_OFFLINE if it has nothing of it.
 */
export function offlineListing(
  folder: string,
  { repo, revision }: { repo: string; revision: string },
  wanted: (path: string) => boolean,
): RepoListing {
  const commit = cachedCommit(folder, revision);
  const snapshot = commit === undefined ? undefined : join(folder, "snapshots", commit);
  if (commit === undefined || snapshot === undefined || !existsSync(snapshot)) {
    const hint = "Unset HF_HUB_OFFLINE, or name the cache that has it in HF_HUB_CACHE.";
    throw new DataToolError(
      "FETCH_OFFLINE",
      `HF_HUB_OFFLINE is set, and ${folder} has no ${revision} of ${repo}`,
      hint,
    );
  }
  const files = (readdirSync(snapshot, { recursive: true }) as string[])
    .map((path) => path.replaceAll("\\", "/"))
    .filter((path) => wanted(path) && statSync(join(snapshot, path), { throwIfNoEntry: false })?.isFile())
    .sort()
    .map((path) => {
      const blob = realpathSync(join(snapshot, path));
      return { path, bytes: statSync(blob).size, etag: basename(blob) };
    });
  return { commit, files, unsafe: [] };
}
