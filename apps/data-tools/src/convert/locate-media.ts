import { realpathSync } from "node:fs";
import { isAbsolute, join, posix, relative, resolve, sep } from "node:path";
import { MappingFault } from "@videor1/curation";

export interface LocateOptions {
  /** The folder that the records' paths start from; undefined: files are not looked for. */
  mediaRoot: string | undefined;
  /** Keep records whose file is not there. */
  keepMissing: boolean;
}

const videoEnds = [".mp4", ".webm", ".mkv", ".avi", ".mov"];
const imageEnds = [".jpg", ".jpeg", ".png", ".webp"];

/**
 * Makes a function from a path of a data set to that of a record: relative to the media root and inside it. A name without its ending
 * becomes that of the file which is there.
 *
 * @returns a function that throws MappingFault for an address, a path out of the root, and a file that is not there.
 */
export function mediaLocator({
  mediaRoot,
  keepMissing,
}: LocateOptions): (path: string, kind: "image" | "video") => string {
  const root = mediaRoot === undefined ? undefined : resolve(mediaRoot);
  const realRoot = root === undefined ? undefined : realpathSync(root);
  return (given, kind) => {
    if (/^[a-z][a-z0-9+.-]*:\/\//i.test(given))
      throw new MappingFault("MEDIA_URL", `${given} is an address: download it, and name the file`);
    const path = insideRoot(given, root);
    if (root === undefined || realRoot === undefined) return path;
    const ends = /\.[a-z0-9]{2,4}$/i.test(path) ? [""] : ["", ...(kind === "video" ? videoEnds : imageEnds)];
    for (const end of ends) {
      const real = realPath(join(root, `${path}${end}`));
      if (real === undefined) continue;
      if (!isInside(realRoot, real)) throw outside(given, "a link leads out of the media root");
      return `${path}${end}`;
    }
    if (keepMissing) return path;
    throw new MappingFault("MEDIA_MISSING", `there is no ${path} in ${root}`);
  };
}

function insideRoot(given: string, root: string | undefined): string {
  const path = given.replaceAll("\\", "/");
  if (path.includes("\0")) throw outside(given, "the path holds a null character");
  if (isAbsolute(path) || /^[a-z]:\//i.test(path)) {
    if (root !== undefined && isInside(root, resolve(path))) return relative(root, resolve(path)).replaceAll(sep, "/");
    const remedy = root === undefined ? "say mediaRoot=<the folder that it is in>" : `it is not in mediaRoot=${root}`;
    throw outside(given, `the path is absolute: ${remedy}`);
  }
  const plain = posix.normalize(path);
  if (plain === ".." || plain.startsWith("../")) throw outside(given, "the path leads out of the media root");
  return plain;
}

const outside = (path: string, reason: string) => new MappingFault("MEDIA_OUTSIDE_ROOT", `${path}: ${reason}`);

function isInside(folder: string, file: string): boolean {
  const path = relative(folder, file);
  return path !== "" && path !== ".." && !path.startsWith(`..${sep}`) && !isAbsolute(path);
}

function realPath(file: string): string | undefined {
  try {
    return realpathSync(file);
  } catch {
    return undefined;
  }
}
