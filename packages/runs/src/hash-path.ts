import { createHash } from "node:crypto";
import { createReadStream, existsSync, readdirSync, type Stats, statSync } from "node:fs";
import { join } from "node:path";

/**
 * SHA-256, in hex, of a file's content, or of the names and contents of all files of a folder; null if it is not there. Links
 * count by what they lead to; those that lead nowhere are passed over.
 *
 * @param isRead - Whether a file of a folder, by its path in it, counts. Default: all do.
 */
export async function hashPath(path: string, isRead: (name: string) => boolean = () => true): Promise<string | null> {
  if (!existsSync(path)) return null;
  const isFolder = statSync(path).isDirectory();
  const names = isFolder ? readdirSync(path, { recursive: true, encoding: "utf8" }).filter(isRead).sort() : [""];
  const hash = createHash("sha256");
  for (const name of names) {
    const file = statOf(join(path, name)); // follows links, which Hugging Face's cache is made of
    if (!file?.isFile()) continue;
    hash.update(`${name}\0${file.size}\0`);
    for await (const chunk of createReadStream(join(path, name), { highWaterMark: 2 ** 20 })) hash.update(chunk);
  }
  return hash.digest("hex");
}

/** Whether a model's folder has a file for a loader to read, rather than a page about it, a cache or somebody's results. */
export const isModelFile = (name: string): boolean => /^[^/\\]+\.(json|safetensors|txt|jinja)$/.test(name);

/** What a path leads to; undefined if it leads nowhere, or in a circle. */
function statOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}
