import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, relative } from "node:path";

/** Flushes a file or folder to the disk. */
export function syncPath(path: string): void {
  const handle = openSync(path, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/**
 * Replaces a file's content atomically: after a crash it is the old one or the new one, never a part. Only one process may
 * do so at a time (see `lockRun`); the next call overwrites a temporary file that a crash left.
 */
export function replaceFile(path: string, content: string): void {
  const temporary = `${path}.tmp`;
  try {
    writeFileSync(temporary, content, { flush: true });
    renameSync(temporary, path);
    syncPath(dirname(path));
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/** Flushes a finished folder to the disk and renames it to `folder`: after a crash it is there whole or not at all. */
export function publishFolder(temporary: string, folder: string): void {
  for (const { path } of listFiles(temporary)) syncPath(join(temporary, path));
  for (const path of listFolders(temporary)) syncPath(path);
  rmSync(folder, { recursive: true, force: true });
  renameSync(temporary, folder);
  syncPath(dirname(folder));
}

/** Writes a folder atomically: `write` fills `<folder>.tmp`, which is then renamed. */
export async function writeFolder(folder: string, write: (temporary: string) => Promise<void>): Promise<void> {
  const temporary = `${folder}.tmp`;
  rmSync(temporary, { recursive: true, force: true });
  mkdirSync(temporary, { recursive: true });
  await write(temporary);
  publishFolder(temporary, folder);
}

/** Path relative to `folder` and bytes of every file below it, in order of path. */
export function listFiles(folder: string): { path: string; bytes: number }[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((path) => ({ path: relative(folder, path), bytes: statSync(path).size }));
}

/** Every folder below `folder`, and itself. */
export function listFolders(folder: string): string[] {
  const below = readdirSync(folder, { recursive: true, withFileTypes: true });
  return [folder, ...below.filter((entry) => entry.isDirectory()).map((entry) => join(entry.parentPath, entry.name))];
}
