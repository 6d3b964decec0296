import { readdir, realpath, stat } from "node:fs/promises";
import { isAbsolute, join, relative, resolve, sep } from "node:path";
import { DecodeError, MediaNotFoundError } from "../errors.ts";
import { naturalOrder } from "../natural-order.ts";

/**
 * The absolute path of a record's media file. A leading "./" is dropped; the result, symbolic links followed, is a
 * regular file inside `root`.
 *
 * @throws {MediaNotFoundError} If there is no such file (`MEDIA_NOT_FOUND`), or the path is absolute or leads out of
 * `root` by ".." or a link (`MEDIA_OUTSIDE_ROOT`).
 */
export async function resolveMedia(root: string, path: string): Promise<string> {
  const real = await realPath(root, path);
  if (!(await stat(real)).isFile()) throw missing(root, path, `${real} is not a file`);
  return real;
}

/**
 * The absolute path of a video file or, for a list or a folder of images, those of its frames: a list's in its order, a folder's
 * in natural order of their names. Of a folder all files count whose names end as those of images do and do not begin with ".".
 *
 * @throws {MediaNotFoundError} As {@link resolveMedia}, for any of them. @throws {DecodeError} If a folder has no image.
 */
export async function resolveVideo(root: string, path: string | readonly string[]): Promise<string | string[]> {
  if (typeof path !== "string") return await Promise.all(path.map((file) => resolveMedia(root, file)));
  const real = await realPath(root, path);
  const kind = await stat(real);
  if (kind.isFile()) return real;
  if (!kind.isDirectory()) throw missing(root, path, `${real} is neither a file nor a folder`);
  const entries = (await readdir(real, { withFileTypes: true })).filter(({ name }) => frameName.test(name));
  if (entries.length === 0) {
    const hint = "Put the frames there as JPEG, PNG, WebP, GIF, TIFF or AVIF files, or leave the record out.";
    throw new DecodeError(real, "the folder holds no images", { hint });
  }
  entries.sort((a, b) => naturalOrder(a.name, b.name));
  const pathOf = ({ name }: { name: string }) => join(real, name);
  return await Promise.all(
    entries.map((entry) => (entry.isFile() ? pathOf(entry) : resolveMedia(root, join(path, entry.name)))),
  );
}

const frameName = /^[^.].*\.(jpe?g|png|webp|gif|tiff?|avif)$/i;

/** The absolute path, links followed, of something inside the root. */
async function realPath(root: string, path: string): Promise<string> {
  const outside = (reason: string) => new MediaNotFoundError("MEDIA_OUTSIDE_ROOT", { path, root, reason });
  if (path.includes("\0")) throw outside("the path holds a null character");
  if (isAbsolute(path)) throw outside("the path is absolute");
  const file = resolve(root, path);
  if (!isInside(resolve(root), file)) throw outside("the path leads out of the media root");
  let real: string;
  try {
    real = await realpath(file);
  } catch (cause) {
    throw missing(root, path, `no file at ${file}`, cause);
  }
  if (!isInside(await realpath(root), real)) throw outside(`a link leads out of the media root, to ${real}`);
  return real;
}

const missing = (root: string, path: string, reason: string, cause?: unknown) =>
  new MediaNotFoundError("MEDIA_NOT_FOUND", { path, root, reason }, cause === undefined ? undefined : { cause });

function isInside(folder: string, file: string): boolean {
  const path = relative(folder, file);
  return path !== ".." && !path.startsWith(`..${sep}`) && !isAbsolute(path);
}
