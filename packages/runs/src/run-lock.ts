import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { CheckpointError, diskHint } from "./checkpoint-error.ts";
import { replaceFile } from "./durable.ts";

export interface RunLock {
  /** Whether the lock was that of a dead process. */
  tookOver: boolean;
  release(): void;
}

interface Owner {
  pid: number;
  host: string;
  /** Start time of the process, to tell it from a later one with the same id; null where it is unknown. */
  born: string | null;
}

/** The file whose presence says that a process uses a run's folder. */
export const lockFile = "run.lock";

/**
 * Claims a run folder for this process by the file `run.lock`, and takes over the lock of a dead process.
 *
 * @throws {CheckpointError} RUN_LOCKED if a living process holds it, or any process on another host, whose life cannot be
 * checked; CHECKPOINT_WRITE if the folder is not writable.
 */
export function lockRun(root: string): RunLock {
  const path = join(root, lockFile);
  const own: Owner = { pid: process.pid, host: hostname(), born: birth(process.pid) };
  const release = () => rmSync(path, { force: true });
  try {
    mkdirSync(root, { recursive: true });
    if (claim(path, own)) return { tookOver: false, release };
    if (takeOver(path, own)) return { tookOver: true, release };
  } catch (cause) {
    const what = `cannot be locked (${(cause as Error).message})`;
    throw new CheckpointError("CHECKPOINT_WRITE", { path: root, what, hint: diskHint(cause) }, { cause });
  }
  const owner = readOwner(path);
  const what = `process ${owner?.pid ?? "unknown"} on ${owner?.host ?? "this host"} is using this folder`;
  const hint = "Stop it, choose another output folder, or delete run.lock* there if that process is not a run";
  throw new CheckpointError("RUN_LOCKED", { path: root, what, hint });
}

/** Writes the lock if there is none. */
function claim(path: string, own: Owner): boolean {
  try {
    writeFileSync(path, JSON.stringify(own), { flag: "wx" });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

/**
 * Replaces the lock of a dead process. A second lock lets one process at a time do so, and `path` is never absent. A
 * process may die holding the second lock too: it is taken over in the same way.
 */
function takeOver(path: string, own: Owner): boolean {
  if (isHeld(path, own)) return false;
  const guard = `${path}.takeover`;
  if (!claim(guard, own) && !takeOver(guard, own)) return false;
  try {
    if (isHeld(path, own)) return false;
    replaceFile(path, JSON.stringify(own));
    return true;
  } finally {
    rmSync(guard);
  }
}

function isHeld(path: string, own: Owner): boolean {
  const owner = readOwner(path);
  return owner !== undefined && (owner.host !== own.host || isAlive(owner));
}

/** The process that wrote the lock; undefined where a crash left it unreadable. */
function readOwner(path: string): Owner | undefined {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as Owner;
  } catch {
    return undefined;
  }
}

function isAlive({ pid, born }: Owner): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EPERM") return false;
  }
  const now = birth(pid);
  return now === null || born === null || now === born;
}

/** Start time of a process, in clock ticks since boot; null where there is no /proc. */
function birth(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? null; // field 22 of proc(5), counted after the name
  } catch {
    return null;
  }
}
