import { linkSync, lstatSync, readlinkSync, symlinkSync } from "node:fs";
import { dirname } from "node:path";
import type { GuardedFolder } from "../files/guarded-folder.ts";
import { printable, relativePath } from "../files/relative-path.ts";
import type { ArchiveEntry } from "./archive-entry.ts";
import { differs, taken } from "./place-file.ts";
import { EntryError } from "./write-entry.ts";

/** A link of an archive: of a symbolic one its text, of a hard one the name of another entry. */
export interface ArchiveLink {
  path: string;
  kind: "symbolic link" | "hard link";
  to: string;
}

const maxText = 4096;

/** The text of a symbolic link that an archive holds as content. */
export async function textOf(entry: ArchiveEntry): Promise<string> {
  if (entry.fault !== undefined) throw new EntryError("ENTRY_UNREADABLE", entry.fault);
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of entry.read()) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > maxText) throw new EntryError("ENTRY_LINK", `a symbolic link of more than ${maxText} bytes`);
  }
  return Buffer.concat(chunks).toString();
}

/**
 * Makes a link, which stays below the folder. One that is there is kept.
 *
 * @throws {EntryError} ENTRY_LINK if it would lead elsewhere; ENTRY_DIFFERS, ENTRY_TAKEN if something else is there. @throws
 * {PathError} If a hard link's name is no path below the folder.
 */
export function makeLink(target: GuardedFolder, { path, kind, to }: ArchiveLink, strip: number): void {
  const file = target.place(path);
  const there = lstatSync(file, { throwIfNoEntry: false });
  if (there?.isDirectory()) throw taken(there);
  if (kind === "symbolic link") {
    const text = linkText(path, to);
    if (there === undefined) symlinkSync(text, file);
    else if (!there.isSymbolicLink() || readlinkSync(file) !== text) throw differs();
    return;
  }
  const source = relativePath(to, { skip: strip });
  const content = source === "" ? undefined : lstatSync(target.place(source), { throwIfNoEntry: false });
  if (!content?.isFile()) throw new EntryError("ENTRY_LINK", `a hard link to ${printable(to)}, which is no file here`);
  if (there === undefined) linkSync(target.place(source), file);
  else if (there.ino !== content.ino) throw differs();
}

/**
 * The text of a symbolic link in an archive, if it stays below the output wherever other links lead: relative, "/" as separator, with
 * ".." at its beginning alone, and no more of them than the link has folders.
 *
 * @param path - Of the link, as `relativePath` gives it. @throws {EntryError} ENTRY_LINK
 */
function linkText(path: string, to: string): string {
  const fault = (reason: string) => new EntryError("ENTRY_LINK", `a symbolic link to ${printable(to)}: ${reason}`);
  if (to === "" || /[\0\\]|^[A-Za-z]:/.test(to)) throw fault("no path that links may have");
  if (to.startsWith("/")) throw fault("it is absolute");
  const parts = to.split("/").filter((part) => part !== "" && part !== ".");
  const up = parts.findIndex((part) => part !== "..");
  const ups = up < 0 ? parts.length : up;
  if (parts.slice(ups).includes("..")) throw fault('it holds ".." behind a folder');
  const depth = dirname(path) === "." ? 0 : dirname(path).split("/").length;
  if (ups > depth) throw fault("it leads out of the folder");
  return parts.join("/") || ".";
}
