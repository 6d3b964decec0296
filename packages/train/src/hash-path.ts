import { createHash } from "node:crypto";
import { createReadStream, existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { listFiles } from "./durable.ts";

/** SHA-256, in hex, of a file's content, or of the names and contents of all files of a folder; null if it is not there. */
export async function hashPath(path: string): Promise<string | null> {
  if (!existsSync(path)) return null;
  const hash = createHash("sha256");
  const isFolder = statSync(path).isDirectory();
  for (const file of isFolder ? listFiles(path) : [{ path: "", bytes: statSync(path).size }]) {
    hash.update(`${file.path}\0${file.bytes}\0`);
    for await (const chunk of createReadStream(join(path, file.path), { highWaterMark: 2 ** 20 })) hash.update(chunk);
  }
  return hash.digest("hex");
}
