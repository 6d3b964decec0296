import { existsSync, readdirSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { DataToolError } from "../files/data-tool-error.ts";
import { globPattern, isGlob } from "../files/glob.ts";
import { type ArchiveKind, archiveEndings, archiveName, missingParts, partNumber, suffixLike } from "./archive-name.ts";

/** An archive on disk, of one file or of parts in their order. */
export interface Archive {
  /** As it is called in messages: the path of the whole, relative as given. */
  path: string;
  kind: ArchiveKind;
  files: readonly string[];
  /** Of all files. */
  bytes: number;
  /** Why it cannot be unpacked, known from its files' names. */
  fault?: DataToolError;
}

/**
 * The archives that these words name: files, folders (all archives below them), and patterns, as a shell without `**` passes on.
 * Parts are gathered from their folder, whichever of them is named. In order of their paths; each once.
 *
 * @throws {DataToolError} UNPACK_NOTHING for a word that names none.
 */
export function findArchives(words: readonly string[]): Archive[] {
  const found = new Map<string, Archive>();
  for (const word of words) {
    const files = filesOf(word).filter((file) => archiveName(file) !== undefined);
    if (files.length === 0) throw nothing(word);
    for (const file of files) {
      const { whole, part } = archiveName(file)!;
      const key = `${resolve(whole)}${part === undefined ? "" : " in parts"}`;
      if (!found.has(key)) found.set(key, part === undefined ? ofFile(file) : ofParts(whole, file));
    }
  }
  return [...found.values()].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}

function filesOf(word: string): string[] {
  if (existsSync(word)) return statSync(word).isDirectory() ? walk(word) : [word];
  if (!isGlob(word)) return [];
  const fixed = word.split("/").slice(0, word.split("/").findIndex(isGlob)).join("/");
  const start = fixed === "" ? (word.startsWith("/") ? "/" : ".") : fixed;
  if (!existsSync(start)) return [];
  const pattern = globPattern(word, { crossing: false });
  return walk(start).filter((file) => pattern.test(file));
}

/** The files below a folder; links to folders are not followed. */
function walk(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = folder === "." ? entry.name : join(folder, entry.name);
    if (entry.isDirectory()) return entry.name.startsWith(".") ? [] : walk(path);
    return entry.isFile() || (entry.isSymbolicLink() && statSync(path, { throwIfNoEntry: false })?.isFile())
      ? [path]
      : [];
  });
}

function nothing(word: string): DataToolError {
  const what = existsSync(word)
    ? statSync(word).isDirectory()
      ? "there is no archive below this folder"
      : "is no archive by its name"
    : "there is no such file";
  const hint = `Archives end in ${archiveEndings.join(", ")}, or are numbered parts of one (x.zip.001, x.tar.gz.part-aa).`;
  return new DataToolError("UNPACK_NOTHING", `${word}: ${what}`, hint);
}

function ofFile(file: string): Archive {
  const archive: Archive = { path: file, kind: archiveName(file)!.kind, files: [file], bytes: statSync(file).size };
  const disk = file.replace(/zip$/i, "z01");
  if (archive.kind !== "zip" || !existsSync(disk)) return archive;
  return { ...archive, fault: multiDisk(file, `it goes on in ${basename(disk)}`) };
}

/** A zip that was written over several disks: its parts are not pieces of one file. */
export function multiDisk(file: string, reason: string): DataToolError {
  const joined = file.replace(/\.zip$/i, "-joined.zip");
  const hint = `Join it first: zip -s 0 ${basename(file)} --out ${basename(joined)}; then unpack that.`;
  return new DataToolError("UNPACK_MULTI_DISK", `${file} is a zip over several disks (${reason})`, hint);
}

function ofParts(whole: string, named: string): Archive {
  const folder = dirname(named);
  const parts = readdirSync(folder)
    .map((name) => ({ name: join(folder, name), ...archiveName(join(folder, name)) }))
    .filter((file) => file.part !== undefined && resolve(file.whole!) === resolve(whole))
    .map(({ name, part }) => ({ name, part: part!, number: partNumber(part!) }))
    .sort((a, b) => a.number - b.number);
  const files = parts.map(({ name }) => name);
  const bytes = files.reduce((sum, file) => sum + statSync(file).size, 0);
  const archive: Archive = { path: whole, kind: archiveName(named)!.kind, files, bytes };
  const numbers = parts.map(({ number }) => number);
  const twice = parts.find(({ number }, i) => number === numbers[i - 1]);
  if (twice !== undefined) {
    const hint = "Keep one of them in the folder.";
    return {
      ...archive,
      fault: new DataToolError("UNPACK_PARTS", `${whole}: part ${twice.part} is there twice`, hint),
    };
  }
  const missing = missingParts(numbers).map((number) => suffixLike(number, parts[0]!.part));
  if (missing.length === 0) return archive;
  const hint = `Fetch what is missing; there are ${parts.length}, from ${basename(files[0]!)} to ${basename(files.at(-1)!)}.`;
  const message = `${whole}: without part${missing.length > 1 ? "s" : ""} ${missing.join(", ")}`;
  return { ...archive, fault: new DataToolError("UNPACK_PARTS", message, hint) };
}
