import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { type BegunFile, beginSafetensors, type SafetensorsTensor, type WriteTensors } from "@videor1/safetensors";
import {
  type CheckpointFile,
  type CheckpointManifest,
  folderName,
  type KeepRules,
  optimizerFile,
  pruneCheckpoints,
  stateFile,
} from "./checkpoint.ts";
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

const temporaryPattern = /^\.tmp-checkpoint-/;

export const temporaryFolder = (root: string, step: number): string => join(root, `.tmp-${folderName(step)}`);

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
  const temporary = temporaryFolder(root, step);
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
    const files = summedFiles(temporary, endFiles(begun, sums));
    return publishCheckpoint(root, { step, files, state }, keep);
  };
  try {
    makeTemporary(root, step);
    const writeTensors: WriteTensors = (...args) => void begun.push(beginSafetensors(...args));
    const { done } = await deferWrites(async () => {
      await write(temporary, writeTensors);
      writeTensors(join(temporary, optimizerFile()), optimizer);
    });
    const ended = end(done).catch(fail);
    ended.catch(() => {}); // whoever awaits it is told
    return { isWritten: done === undefined, ended };
  } catch (cause) {
    return fail(cause);
  }
}

/** Makes an empty temporary folder, and removes those that a crash left. */
export function makeTemporary(root: string, step: number): void {
  mkdirSync(root, { recursive: true });
  for (const name of readdirSync(root)) if (temporaryPattern.test(name)) rmSync(join(root, name), { recursive: true });
  mkdirSync(temporaryFolder(root, step));
}

/** Puts the files that were begun in their places. @returns CRC-32 by path, of those that were written later. */
export function endFiles(
  begun: readonly BegunFile[],
  sums: ReadonlyMap<number, number> | undefined,
): Map<string, string> {
  for (const file of begun) file.end();
  return new Map(
    begun.flatMap(({ path, descriptor }) => {
      const sum = sums?.get(descriptor);
      return sum === undefined ? [] : [[path, checksumText(sum)] as const];
    }),
  );
}

/** All files of a folder, with their checksums where they are known. */
export const summedFiles = (folder: string, known: ReadonlyMap<string, string>): CheckpointFile[] =>
  listFiles(folder).map((file) => {
    const path = join(folder, file.path);
    return { ...file, crc32: known.get(path) ?? fileChecksum(path) };
  });

/** Ends a temporary folder that holds all files: it becomes the checkpoint. @returns The folder. */
export function publishCheckpoint(root: string, manifest: CheckpointManifest, keep: KeepRules): string {
  const { step } = manifest;
  const temporary = temporaryFolder(root, step);
  const folder = join(root, folderName(step));
  writeFileSync(join(temporary, stateFile), `${JSON.stringify(manifest, null, 2)}\n`);
  publishFolder(temporary, folder);
  replaceFile(join(root, "latest"), `${basename(folder)}\n`);
  pruneCheckpoints(root, step, keep);
  return folder;
}

/** A disk that refuses, as the error of a checkpoint; any other cause as it is. */
export function writeError(root: string, step: number, cause: unknown): unknown {
  const disk = [cause, (cause as Error).cause].find((error) => (error as NodeJS.ErrnoException | undefined)?.syscall);
  return disk ? writeFailed(root, step, disk, cause) : cause;
}

export function writeFailed(root: string, step: number, disk: unknown, cause = disk): CheckpointError {
  const what = `checkpoint ${step} cannot be written (${(disk as Error).message})`;
  return new CheckpointError("CHECKPOINT_WRITE", { path: root, what, hint: diskHint(disk) }, { cause });
}
