import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import type { MediaItem } from "./media-item.ts";
import { resolveMedia, resolveVideo } from "./resolve.ts";

/** The size of a file and the time of its last change, in milliseconds: while both stay, its content is taken to stay. */
export interface FileStamp {
  bytes: number;
  modified: number;
}

/** The absolute path of an item's file, or those of a video's frames. @throws As {@link resolveVideo}. */
export async function mediaFiles(
  root: string,
  { kind, path }: Pick<MediaItem, "kind" | "path">,
): Promise<string | string[]> {
  return kind === "image" ? await resolveMedia(root, path as string) : await resolveVideo(root, path);
}

export async function fileStamps(files: string | readonly string[]): Promise<FileStamp[]> {
  return await Promise.all(
    [files].flat().map(async (file) => {
      const { size, mtimeMs } = await stat(file);
      return { bytes: size, modified: mtimeMs };
    }),
  );
}

/** SHA-256 of a file's bytes, in hex; of a list, of the hashes of each, in their order. */
export async function contentHash(files: string | readonly string[]): Promise<string> {
  if (typeof files === "string") return await fileHash(files);
  const all = createHash("sha256");
  for (const file of files) all.update(await fileHash(file));
  return all.digest("hex");
}

/** SHA-256 of a file's bytes, in hex. */
export async function fileHash(file: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file, { highWaterMark: 1 << 20 }), hash);
  return hash.digest("hex");
}
