import { createHash } from "node:crypto";
import { type BigIntStats, createReadStream, existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { type HashCache, keepHash, knownHash, type Seen, userHashCache } from "./known-hashes.ts";

/**
 * SHA-256, in hex, of a file's content, or of the names and contents of all files of a folder; null if it is not there. Links
 * count by what they lead to; those that lead nowhere are passed over. Of large inputs the hash is kept, and stands while no
 * file has another size or time.
 *
 * @param isRead - Whether a file of a folder, by its path in it, counts. Default: all do.
 */
export async function hashPath(
  path: string,
  isRead: (name: string) => boolean = () => true,
  cache: HashCache = userHashCache(),
): Promise<string | null> {
  if (!existsSync(path)) return null;
  const files = filesOf(path, isRead);
  const isLarge = files.reduce((sum, { size }) => sum + Number(size), 0) >= cache.leastBytes;
  const known = isLarge ? knownHash(cache, path, files) : undefined;
  if (known !== undefined) return known;
  const hash = createHash("sha256");
  for (const { name, size } of files) {
    hash.update(`${name}\0${size}\0`);
    for await (const chunk of createReadStream(join(path, name), { highWaterMark: 2 ** 20 })) hash.update(chunk);
  }
  const digest = hash.digest("hex");
  if (isLarge && JSON.stringify(filesOf(path, isRead)) === JSON.stringify(files)) keepHash(cache, path, files, digest);
  return digest;
}

/** Whether a model's folder has a file for a loader to read, rather than a page about it, a cache or somebody's results. */
export const isModelFile = (name: string): boolean => /^[^/\\]+\.(json|safetensors|txt|jinja)$/.test(name);

/** The file, under the name "", or those of a folder, sorted. */
function filesOf(path: string, isRead: (name: string) => boolean): Seen[] {
  const isFolder = statSync(path).isDirectory();
  const names = isFolder ? readdirSync(path, { recursive: true, encoding: "utf8" }).filter(isRead).sort() : [""];
  return names.flatMap((name) => {
    const file = statOf(join(path, name)); // follows links, which Hugging Face's cache is made of
    return file?.isFile() ? [{ name, size: String(file.size), modified: String(file.mtimeNs) }] : [];
  });
}

/** What a path leads to; undefined if it leads nowhere, or in a circle. */
function statOf(path: string): BigIntStats | undefined {
  try {
    return statSync(path, { bigint: true });
  } catch {
    return undefined;
  }
}
