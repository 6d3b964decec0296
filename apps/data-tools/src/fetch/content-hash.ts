import { createHash, type Hash } from "node:crypto";
import { createReadStream } from "node:fs";

/** The hash that an etag is: SHA-256 of the content if it has 64 digits, else SHA-1 of git's blob of it. */
export function contentHash(etag: string, bytes: number): Hash {
  return etag.length === 64 ? createHash("sha256") : createHash("sha1").update(`blob ${bytes}\0`);
}

/** Feeds a file into a hash. */
export async function hashFile(path: string, hash: Hash, signal: AbortSignal): Promise<Hash> {
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
    signal.throwIfAborted();
    hash.update(chunk);
  }
  return hash;
}
