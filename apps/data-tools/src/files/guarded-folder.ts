import { existsSync, lstatSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { DataToolError } from "./data-tool-error.ts";
import { printable } from "./relative-path.ts";

/** A folder that files from elsewhere are written into, and nothing beside it. */
export interface GuardedFolder {
  /** The real path. */
  readonly root: string;
  /**
   * The absolute path of a file below the folder, whose own folders are made.
   *
   * @param path - As `relativePath` gives it.
   * @throws {DataToolError} PATH_LINK if a folder on its way is a link, or PATH_TAKEN if it is a file.
   */
  place(path: string): string;
  /** A name in the form in which this file system compares names: equal forms are one file. */
  form(path: string): string;
}

/** Guards a folder, which is made if it is absent. The folder itself may be a link. */
export function guardFolder(folder: string): GuardedFolder {
  mkdirSync(folder, { recursive: true });
  const root = realpathSync(folder);
  const form = nameForm(root);
  const known = new Set<string>(["."]);
  const makeFolder = (path: string) => {
    if (known.has(path)) return;
    makeFolder(dirname(path));
    const folder = join(root, path);
    const found = lstatSync(folder, { throwIfNoEntry: false });
    if (found === undefined) mkdirSync(folder);
    else if (found.isSymbolicLink())
      throw new DataToolError("PATH_LINK", `${printable(path)} is a link in ${root}`, linkHint);
    else if (!found.isDirectory())
      throw new DataToolError(
        "PATH_TAKEN",
        `${printable(path)} is a file in ${root}, and is to be a folder`,
        takenHint,
      );
    known.add(path);
  };
  return {
    root,
    form,
    place(path) {
      makeFolder(dirname(path));
      return join(root, path);
    },
  };
}

const linkHint = "Files are not written through links: replace the link by a folder, or name another output.";
const takenHint = "Move that file away, or name another output.";

/** Asks the file system of a folder whether it tells A from a, and composed from decomposed letters. */
function nameForm(root: string): (path: string) => string {
  const probe = mkdtempSync(join(root, ".probe-"));
  try {
    writeFileSync(join(probe, "\u00e9a"), "");
    const foldsCase = existsSync(join(probe, "\u00e9A"));
    const foldsMarks = existsSync(join(probe, "e\u0301a"));
    const normal = (path: string) => (foldsMarks ? path.normalize("NFD") : path);
    return (path) => (foldsCase ? normal(normal(path).toUpperCase().toLowerCase()) : normal(path));
  } finally {
    rmSync(probe, { recursive: true });
  }
}
