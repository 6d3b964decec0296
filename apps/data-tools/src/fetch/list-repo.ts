import { datasetInfo, fileDownloadInfo, listFiles, modelInfo } from "@huggingface/hub";
import { z } from "zod";
import { DataToolError } from "../files/data-tool-error.ts";
import { PathError, relativePath } from "../files/relative-path.ts";
import { passing } from "./guarded-fetch.ts";
import type { Hub } from "./hub.ts";
import { PassingError } from "./hub-error.ts";
import { withRetries } from "./retry.ts";

/** A file of a repository. */
export interface RepoFile {
  path: string;
  bytes: number;
  /** What the Hub calls the content, and the cache its blob: a SHA-256 (64 digits), or the SHA-1 of git's blob (40). */
  etag: string;
}

export interface RepoListing {
  /** The commit that the revision is now. */
  commit: string;
  files: RepoFile[];
  /** Names that are no paths below a folder. */
  unsafe: { path: string; reason: string }[];
}

const hash = z.string().regex(/^[0-9a-f]{40}$|^[0-9a-f]{64}$/);
const Entry = z.looseObject({
  type: z.string(),
  path: z.string(),
  size: z.int().min(0).optional(),
  oid: hash.optional(),
  lfs: z.looseObject({ oid: hash, size: z.int().min(0) }).optional(),
});

/**
 * The commit of a revision, and its files that `wanted` takes.
 *
 * @throws {DataToolError} If the repository cannot be read, or the Hub's answers make no sense.
 */
export async function listRepo(hub: Hub, wanted: (path: string) => boolean): Promise<RepoListing> {
  const { endpoint } = hub.settings;
  const at = { hubUrl: endpoint, fetch: hub.fetch };
  const commit = await sensible(hub, async () => {
    const asked = { ...at, name: hub.repo, revision: hub.revision };
    const { sha } =
      hub.repoType === "dataset"
        ? await datasetInfo({ ...asked, additionalFields: ["sha"] })
        : await modelInfo({ ...asked, additionalFields: ["sha"] });
    return z
      .string()
      .regex(/^[0-9a-f]{40}$/)
      .parse(sha);
  });
  const repo = { type: hub.repoType, name: hub.repo } as const;
  let furthest = 0;
  const listEntries = async () => {
    const found: z.output<typeof Entry>[] = [];
    const pages = new Set<string>();
    const fetchPage: typeof fetch = (input, init) => {
      const page = String(input);
      if (pages.has(page)) throw new TypeError(`the listing goes in a circle at ${new URL(page).pathname}`);
      pages.add(page);
      furthest = Math.max(furthest, pages.size);
      return hub.fetch(input, init);
    };
    for await (const item of listFiles({ ...at, fetch: fetchPage, repo, revision: commit, recursive: true })) {
      const entry = Entry.parse(item);
      if (entry.type === "file" && wanted(entry.path)) found.push(entry);
    }
    return found;
  };
  const entries = await sensible(hub, listEntries, () => furthest);
  const listing: RepoListing = { commit, files: [], unsafe: [] };
  for (const { path, size, oid, lfs, ...rest } of entries) {
    try {
      if (relativePath(path) !== path) throw new PathError(path, "the name holds empty parts");
    } catch (error) {
      listing.unsafe.push({ path, reason: (error as Error).message });
      continue;
    }
    const bytes = lfs?.size ?? size;
    // a large file that is no LFS object: the hash of its content is told with the file alone
    const isAsked = bytes === undefined || (lfs === undefined && (oid === undefined || "xetHash" in rest));
    const info = isAsked
      ? await sensible(hub, () => fileDownloadInfo({ ...at, repo, path: encoded(path), revision: commit }))
      : null;
    const etag = lfs?.oid ?? info?.etag.replace(/^W\//, "").replaceAll('"', "") ?? oid;
    const file = { path, bytes: info?.size ?? bytes, etag };
    listing.files.push(z.object({ path: z.string(), bytes: z.int(), etag: hash }).parse(file));
  }
  const isUnique = new Set(listing.files.map(({ path }) => path)).size === listing.files.length;
  if (!isUnique) throw nonsense(hub, "it lists a file twice");
  listing.files.sort((a, b) => (a.path < b.path ? -1 : 1));
  return listing;
}

/** A path as it stands in an address. */
export const encoded = (path: string): string => path.split("/").map(encodeURIComponent).join("/");

/** The result of asking the Hub; an answer that is no such thing is asked for again, and named in the end. */
async function sensible<Result>(hub: Hub, ask: () => Promise<Result>, progress?: () => number): Promise<Result> {
  const host = new URL(hub.settings.endpoint).host;
  try {
    return await withRetries(
      async () => {
        try {
          return await ask();
        } catch (error) {
          const isNonsense = error instanceof SyntaxError || error instanceof z.ZodError;
          if (isNonsense || (error instanceof TypeError && !(error.cause instanceof Error)))
            throw new PassingError(`the Hub's answer makes no sense (${firstLine(error)})`, { cause: error });
          throw passing(error, undefined, host);
        }
      },
      hub.retry,
      progress,
    );
  } catch (error) {
    if (!(error instanceof PassingError)) throw error;
    if (/makes no sense/.test(error.message)) throw nonsense(hub, firstLine(error.cause), error);
    throw lost(hub, error);
  }
}

const firstLine = (error: unknown): string =>
  error instanceof z.ZodError
    ? error.issues
        .slice(0, 1)
        .map(({ path, message }) => `${path.join(".") || "it"}: ${message}`)
        .join()
    : String((error as Error).message)
        .split("\n")[0]!
        .slice(0, 200);

function nonsense({ settings, repo }: Hub, reason: string, cause?: unknown): DataToolError {
  const hint = "Is HF_ENDPOINT the address of a Hub, without a proxy that answers in its place?";
  return new DataToolError(
    "FETCH_NONSENSE",
    `${settings.endpoint} does not list ${repo} as a Hub does (${reason})`,
    hint,
    { cause },
  );
}

/** The error of a Hub that could not be reached, or went on failing. */
export function lost({ settings }: Hub, cause: Error): DataToolError {
  const hint = "The same command goes on from here. HF_HUB_OFFLINE=1 uses what is in the cache.";
  return new DataToolError("FETCH_LOST", `${settings.endpoint}: ${cause.message}, again and again`, hint, { cause });
}
