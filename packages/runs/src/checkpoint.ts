import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import {
  type BegunFile,
  beginSafetensors,
  openSafetensors,
  type SafetensorsFile,
  type SafetensorsTensor,
  type WriteTensors,
} from "@videor1/safetensors";
import { CheckpointError, diskHint } from "./checkpoint-error.ts";
import { listFiles, publishFolder, replaceFile } from "./durable.ts";
import { checksumText, fileChecksum } from "./file-checksum.ts";

/**
 * Runs `run`, whose tensors may then be written beside the computation. `done`: CRC-32 by the descriptor of each of their files,
 * once they are; absent if all is written already.
 */
export type DeferWrites = (run: () => Promise<void>) => Promise<{ done?: Promise<ReadonlyMap<number, number>> }>;

export interface CheckpointContent {
  /** Optimizer updates done. */
  step: number;
  /** Writes the model, and all else that belongs to the run, into a folder; tensors by `writeTensors`. */
  write: (folder: string, writeTensors: WriteTensors) => void | Promise<void>;
  /** Optimizer state, such as `AdamW.state()`. */
  optimizer: Iterable<SafetensorsTensor>;
  /** JSON: random streams, loader position, counters. */
  state: unknown;
}

export interface LoadedCheckpoint {
  /** The folder, with the files that `write` made. */
  folder: string;
  step: number;
  /** As saved, unchecked. */
  state: unknown;
  /** Open; the caller closes it. */
  optimizer: SafetensorsFile;
}

export interface KeepRules {
  /** Number of newest checkpoints that stay. */
  keepLast: number;
  /** Step of the best checkpoint, which stays too; null or absent: none. */
  best?: number | null;
}

interface Manifest {
  step: number;
  /** `crc32` of the content, see `fileChecksum`; absent in checkpoints that an earlier version wrote. */
  files: { path: string; bytes: number; crc32?: string }[];
  state: unknown;
}

const folderName = (step: number) => `checkpoint-${step}`;
const folderPattern = /^checkpoint-(\d+)$/;
const temporaryPattern = /^\.tmp-checkpoint-/;
const stateFile = "state.json";
const optimizerFile = "optimizer.safetensors";

/**
 * Writes `root/checkpoint-{step}` atomically and points `root/latest` at it: everything goes to `.tmp-checkpoint-{step}`,
 * is flushed, and the folder renamed. After a crash at any moment every `checkpoint-*` folder is complete.
 *
 * @param keep - Older checkpoints that these rules do not keep are removed, after the new one is safe.
 * @returns The folder.
 * @throws {CheckpointError} CHECKPOINT_WRITE if the disk refuses; nothing half-written remains. Errors of `write` that
 * are not the file system's pass through.
 */
export async function saveCheckpoint(root: string, content: CheckpointContent, keep: KeepRules): Promise<string> {
  const { ended } = await beginCheckpoint(root, content, keep);
  return await ended;
}

/** Runs `run` at once, with nothing left to write. */
const writeNow: DeferWrites = async (run) => {
  await run();
  return {};
};

/**
 * `saveCheckpoint` whose tensors may be written beside the computation.
 *
 * @returns `isWritten`: whether all of them are. `ended`: the folder, once the checkpoint is there; rejects as `saveCheckpoint`.
 * Until then the tensors must not change.
 */
export async function beginCheckpoint(
  root: string,
  { step, write, optimizer, state }: CheckpointContent,
  keep: KeepRules,
  deferWrites: DeferWrites = writeNow,
): Promise<{ isWritten: boolean; ended: Promise<string> }> {
  const folder = join(root, folderName(step));
  const temporary = join(root, `.tmp-${folderName(step)}`);
  const begun: BegunFile[] = [];
  const fail = (cause: unknown): never => {
    for (const file of begun) file.abort();
    if (existsSync(temporary)) rmSync(temporary, { recursive: true, force: true });
    throw writeError(root, step, cause);
  };
  const end = async (done: Promise<ReadonlyMap<number, number>> | undefined) => {
    const sums = await done?.catch((cause: unknown) => {
      throw writeFailed(root, step, cause);
    });
    const known = new Map(begun.map(({ path, descriptor }) => [path, sums?.get(descriptor)]));
    for (const file of begun) file.end();
    const files = listFiles(temporary).map((file) => {
      const path = join(temporary, file.path);
      const sum = known.get(path);
      return { ...file, crc32: sum === undefined ? fileChecksum(path) : checksumText(sum) };
    });
    const manifest: Manifest = { step, files, state };
    writeFileSync(join(temporary, stateFile), `${JSON.stringify(manifest, null, 2)}\n`);
    publishFolder(temporary, folder);
    replaceFile(join(root, "latest"), `${basename(folder)}\n`);
    pruneCheckpoints(root, step, keep);
    return folder;
  };
  try {
    mkdirSync(root, { recursive: true });
    for (const name of readdirSync(root))
      if (temporaryPattern.test(name)) rmSync(join(root, name), { recursive: true });
    mkdirSync(temporary);
    const writeTensors: WriteTensors = (...args) => void begun.push(beginSafetensors(...args));
    const { done } = await deferWrites(async () => {
      await write(temporary, writeTensors);
      writeTensors(join(temporary, optimizerFile), optimizer);
    });
    const ended = end(done).catch(fail);
    ended.catch(() => {}); // whoever awaits it is told
    return { isWritten: done === undefined, ended };
  } catch (cause) {
    return fail(cause);
  }
}

/** A disk that refuses, as the error of a checkpoint; any other cause as it is. */
function writeError(root: string, step: number, cause: unknown): unknown {
  const disk = [cause, (cause as Error).cause].find((error) => (error as NodeJS.ErrnoException | undefined)?.syscall);
  return disk ? writeFailed(root, step, disk, cause) : cause;
}

function writeFailed(root: string, step: number, disk: unknown, cause = disk): CheckpointError {
  const what = `checkpoint ${step} cannot be written (${(disk as Error).message})`;
  return new CheckpointError("CHECKPOINT_WRITE", { path: root, what, hint: diskHint(disk) }, { cause });
}

/**
 * The checkpoint in `root`: `root` itself if it is a checkpoint folder, else the one that `root/latest` names, else the
 * newest.
 *
 * @throws {CheckpointError} CHECKPOINT_MISSING if there is none, CHECKPOINT_INCOMPLETE if its files are missing, of another
 * size, or unreadable.
 */
export function loadCheckpoint(root: string): LoadedCheckpoint {
  if (existsSync(join(root, stateFile))) return readCheckpoint(root);
  const pointed = existsSync(join(root, "latest")) ? readFileSync(join(root, "latest"), "utf8").trim() : "";
  const names = [pointed, ...checkpointSteps(root).map(folderName)];
  const found = names.find((name) => folderPattern.test(name) && existsSync(join(root, name, stateFile)));
  if (found === undefined) {
    const hint = "Start without resuming, or give the folder of the run or of a checkpoint";
    throw new CheckpointError("CHECKPOINT_MISSING", { path: root, what: "holds no checkpoint", hint });
  }
  return readCheckpoint(join(root, found));
}

/**
 * Reads every file of a checkpoint and compares it with what was written: weights and optimizer that lost a bit on the disk
 * would be trained on.
 *
 * @throws {CheckpointError} CHECKPOINT_INCOMPLETE, naming the file.
 */
export function verifyCheckpoint(folder: string): void {
  for (const { path, crc32 } of readManifest(folder).files) {
    if (crc32 === undefined) continue;
    const found = fileChecksum(join(folder, path));
    if (found !== crc32) throw incomplete(folder, `${path} is damaged: its CRC-32 is ${found}, ${crc32} was written`);
  }
}

/**
 * Removes the checkpoints older than `step` that the rules do not keep, and points `root/best` at the best one. After a kill
 * the next call removes the rest.
 */
export function pruneCheckpoints(root: string, step: number, { keepLast, best = null }: KeepRules): void {
  const steps = checkpointSteps(root);
  if (best !== null && steps.includes(best)) replaceFile(join(root, "best"), `${folderName(best)}\n`);
  const older = steps.filter((other) => other < step);
  for (const old of older.slice(keepLast - 1))
    if (old !== best) rmSync(join(root, folderName(old)), { recursive: true });
}

/** Steps of the checkpoints in a folder, newest first. */
export function checkpointSteps(root: string): number[] {
  if (!existsSync(root)) return [];
  const steps = readdirSync(root).map((name) => folderPattern.exec(name)?.[1]);
  return steps
    .filter((step) => step !== undefined)
    .map(Number)
    .sort((a, b) => b - a);
}

function readCheckpoint(folder: string): LoadedCheckpoint {
  const { step, state, files } = readManifest(folder);
  for (const { path, bytes } of files) {
    const size = statSync(join(folder, path), { throwIfNoEntry: false })?.size;
    const found = size === undefined ? "is missing" : `has ${size} bytes, ${bytes} were written`;
    if (size !== bytes) throw incomplete(folder, `${path} ${found}`);
  }
  return { folder, step, state, optimizer: openSafetensors(join(folder, optimizerFile)) };
}

function readManifest(folder: string): Manifest {
  let manifest: Manifest;
  try {
    manifest = JSON.parse(readFileSync(join(folder, stateFile), "utf8")) as Manifest;
  } catch (cause) {
    throw incomplete(folder, `${stateFile} is not readable JSON`, cause);
  }
  if (!Array.isArray(manifest.files) || !Number.isInteger(manifest.step))
    throw incomplete(folder, `${stateFile} lacks step or files`);
  return manifest;
}

function incomplete(folder: string, what: string, cause?: unknown): CheckpointError {
  const hint = "Delete it to resume from an older checkpoint, or copy it again";
  return new CheckpointError("CHECKPOINT_INCOMPLETE", { path: folder, what, hint }, { cause });
}
