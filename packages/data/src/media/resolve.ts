import { realpath, stat } from "node:fs/promises";
import { isAbsolute, relative, resolve, sep } from "node:path";
import { MediaNotFoundError } from "../errors.ts";

/**
 * The absolute path of a record's media file. A leading "./" is dropped; the result, symbolic links followed, is a
 * regular file inside `root`.
 *
 * @throws {MediaNotFoundError} If there is no such file (`MEDIA_NOT_FOUND`), or the path is absolute or leads out of
 * `root` by ".." or a link (`MEDIA_OUTSIDE_ROOT`).
 */
export async function resolveMedia(root: string, path: string): Promise<string> {
  const outside = (reason: string) => new MediaNotFoundError("MEDIA_OUTSIDE_ROOT", { path, root, reason });
  if (path.includes("\0")) throw outside("the path holds a null character");
  if (isAbsolute(path)) throw outside("the path is absolute");
  const file = resolve(root, path);
  if (!isInside(resolve(root), file)) throw outside("the path leads out of the media root");
  const missing = (reason: string, cause?: unknown) =>
    new MediaNotFoundError("MEDIA_NOT_FOUND", { path, root, reason }, cause === undefined ? undefined : { cause });
  let real: string;
  try {
    real = await realpath(file);
  } catch (cause) {
    throw missing(`no file at ${file}`, cause);
  }
  if (!isInside(await realpath(root), real)) throw outside(`a link leads out of the media root, to ${real}`);
  if (!(await stat(real)).isFile()) throw missing(`${real} is not a file`);
  return real;
}

function isInside(folder: string, file: string): boolean {
  const path = relative(folder, file);
  return path !== ".." && !path.startsWith(`..${sep}`) && !isAbsolute(path);
}
