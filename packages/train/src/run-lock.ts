import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { CheckpointError, diskHint } from "./checkpoint-error.ts";

export interface RunLock {
  /** Whether a lock of a process that is gone was taken over. */
  tookOver: boolean;
  release(): void;
}

interface Owner {
  pid: number;
  host: string;
}

/**
 * Claims a run folder for this process by the file `run.lock`; the lock of a process that no longer lives is taken over.
 *
 * @throws {CheckpointError} RUN_LOCKED if a living process holds it, or one on another host, where that cannot be told;
 * CHECKPOINT_WRITE if the folder is not writable.
 */
export function lockRun(root: string): RunLock {
  const path = join(root, "run.lock");
  const own: Owner = { pid: process.pid, host: hostname() };
  const claim = () => writeFileSync(path, JSON.stringify(own), { flag: "wx" });
  const release = () => rmSync(path, { force: true });
  try {
    mkdirSync(root, { recursive: true });
    claim();
    return { tookOver: false, release };
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "EEXIST") {
      const what = `cannot be locked (${(cause as Error).message})`;
      throw new CheckpointError("CHECKPOINT_WRITE", { path: root, what, hint: diskHint(cause) }, { cause });
    }
  }
  const owner = readOwner(path);
  if (owner && (owner.host !== own.host || isAlive(owner.pid))) throw locked(root, owner);
  release();
  try {
    claim();
  } catch (cause) {
    throw locked(root, readOwner(path), cause); // another process was quicker
  }
  return { tookOver: true, release };
}

function locked(root: string, owner: Owner | undefined, cause?: unknown): CheckpointError {
  const what = `process ${owner?.pid ?? "unknown"} on ${owner?.host ?? "this host"} is using this folder`;
  const hint = "Stop it, choose another output folder, or delete run.lock if that process is not a run";
  return new CheckpointError("RUN_LOCKED", { path: root, what, hint }, { cause });
}

/** Who wrote the lock; undefined where a crash left it unreadable. */
function readOwner(path: string): Owner | undefined {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as Owner;
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
