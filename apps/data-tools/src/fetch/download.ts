import type { Hash } from "node:crypto";
import { type FileHandle, open, rm, stat } from "node:fs/promises";
import { DataToolError } from "../files/data-tool-error.ts";
import { contentHash, hashFile } from "./content-hash.ts";
import { passing } from "./guarded-fetch.ts";
import type { Hub } from "./hub.ts";
import { PassingError } from "./hub-error.ts";
import { encoded, type RepoFile } from "./list-repo.ts";
import { withRetries } from "./retry.ts";

export interface DownloadOptions {
  hub: Hub;
  commit: string;
  /** Where the bytes are gathered; those that are there already are not asked for again. */
  part: string;
  signal: AbortSignal;
  /** Called with the bytes that have come or, below 0, were thrown away. */
  onBytes(bytes: number): void;
}

/** Times that content of a wrong hash is fetched anew. */
const wrongTries = 2;

/**
 * Makes `part` the content of a file, checked by its size and hash.
 *
 * @returns The bytes that were received. @throws {DataToolError} FETCH_HASH if the content stays another one; PassingError if the
 * connection fails again and again; errors of the file system as they are.
 */
export async function download(
  file: RepoFile,
  { hub, commit, part, signal, onBytes }: DownloadOptions,
): Promise<number> {
  const url = addressOf(hub, commit, file.path);
  const handle = await open(part, "a+");
  let length = (await stat(part)).size;
  let hash = contentHash(file.etag, file.bytes);
  let [received, furthest] = [0, length];

  const beginAgain = async () => {
    await handle.truncate(0);
    onBytes(-length);
    length = 0;
    hash = contentHash(file.etag, file.bytes);
  };
  const attempt = async () => {
    const response = await hub.fetchOnce(url, { headers: headersFrom(length) }, file.path);
    if (!isRest(response, length, file.bytes)) {
      if (response.status !== 200) {
        await response.body?.cancel();
        if (length > 0) await beginAgain();
        throw new PassingError(`the Hub sends another part of the file than was asked for (${response.status})`);
      }
      if (length > 0) await beginAgain(); // it begins with the first byte whatever is asked
    }
    const told = Number(response.headers.get("content-length") ?? Number.NaN);
    if (!response.headers.has("content-encoding") && told + length !== file.bytes && !Number.isNaN(told)) {
      await response.body?.cancel();
      throw new PassingError(`the Hub lists ${file.bytes} bytes and sends ${told + length}`);
    }
    try {
      for await (const chunk of (response.body ?? []) as unknown as AsyncIterable<Uint8Array>) {
        signal.throwIfAborted();
        if (length + chunk.length > file.bytes) {
          await beginAgain();
          throw new PassingError(`the Hub lists ${file.bytes} bytes and sends more`);
        }
        await writeAll(handle, chunk);
        hash.update(chunk);
        length += chunk.length;
        received += chunk.length;
        furthest = Math.max(furthest, length);
        onBytes(chunk.length);
      }
    } catch (error) {
      throw passing(error, undefined, new URL(url).host);
    }
    if (length < file.bytes) throw new PassingError(`the connection ended after ${length} of ${file.bytes} bytes`);
  };

  try {
    if (length > file.bytes) await beginAgain();
    else if (length > 0) await hashFile(part, hash, signal);
    for (let wrong = 0; ; wrong += 1) {
      if (length < file.bytes) await withRetries(attempt, hub.retry, () => furthest);
      if (digestOf(hash) === file.etag) return received;
      await beginAgain();
      if (wrong === wrongTries) throw wrongContent(file);
    }
  } finally {
    await handle.close();
    if (length === 0 && file.bytes > 0) await rm(part, { force: true });
  }
}

const digestOf = (hash: Hash): string => hash.copy().digest("hex");

async function writeAll(handle: FileHandle, chunk: Uint8Array): Promise<void> {
  for (let at = 0; at < chunk.length; ) at += (await handle.write(chunk, at)).bytesWritten;
}

const headersFrom = (start: number) => ({
  "accept-encoding": "identity",
  ...(start > 0 && { range: `bytes=${start}-` }),
});

/** Whether the reply is what is missing: all of it, or all from `start` on. */
function isRest(response: Response, start: number, bytes: number): boolean {
  if (start === 0) return response.status === 200;
  if (response.status !== 206) return false;
  const [, from, total] = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(response.headers.get("content-range") ?? "") ?? [];
  return Number(from) === start && (total === "*" || Number(total) === bytes);
}

function addressOf({ settings, repo, repoType }: Hub, commit: string, path: string): string {
  return `${settings.endpoint}/${repoType === "model" ? "" : "datasets/"}${repo}/resolve/${commit}/${encoded(path)}`;
}

function wrongContent({ path, etag }: RepoFile): DataToolError {
  const what = etag.length === 64 ? "SHA-256" : "git hash";
  const hint = "Something on the way changes it, such as a proxy. Try another network, or unset HF_ENDPOINT.";
  return new DataToolError(
    "FETCH_HASH",
    `${path}: its content has not the ${what} ${etag}, ${wrongTries + 1} times`,
    hint,
  );
}
