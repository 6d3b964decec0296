import { dirname } from "node:path";
import { printable } from "../files/relative-path.ts";
import { EntryError } from "./write-entry.ts";

/**
 * The text of a symbolic link in an archive, if it stays below the output wherever other links lead: relative, "/" as separator, with
 * ".." at its beginning alone, and no more of them than the link has folders.
 *
 * @param path - Of the link, as `relativePath` gives it. @throws {EntryError} ENTRY_LINK
 */
export function linkText(path: string, to: string): string {
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
