import { createHash } from "node:crypto";
import { createReadStream, existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";

/** SHA-256, in hex, of a file's content, or of the names and contents of all files of a folder; null if it is not there. */
export async function hashPath(path: string): Promise<string | null> {
  if (!existsSync(path)) return null;
  const names = statSync(path).isDirectory() ? readdirSync(path, { recursive: true, encoding: "utf8" }).sort() : [""];
  const hash = createHash("sha256");
  for (const name of names) {
    const file = statSync(join(path, name)); // follows links, which Hugging Face's cache is made of
    if (!file.isFile()) continue;
    hash.update(`${name}\0${file.size}\0`);
    for await (const chunk of createReadStream(join(path, name), { highWaterMark: 2 ** 20 })) hash.update(chunk);
  }
  return hash.digest("hex");
}
