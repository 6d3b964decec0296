import { existsSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { openSafetensors, type SafetensorsFile } from "@videor1/safetensors";
import { CheckpointError } from "./checkpoint-error.ts";
import { replaceFile } from "./durable.ts";
import { fileChecksum } from "./file-checksum.ts";

export interface LoadedCheckpoint {
  /** The folder, with the files that `write` made. */
  folder: string;
  step: number;
  /** As saved, unchecked. */
  state: unknown;
  /** The optimizer's files, one for each rank that wrote it; open, the caller closes them. */
  optimizer: SafetensorsFile[];
}

export interface KeepRules {
  /** Number of newest checkpoints that stay. */
  keepLast: number;
  /** Step of the best checkpoint, which stays too; null or absent: none. */
  best?: number | null;
}

/** A file of a checkpoint, relative to its folder. */
export interface CheckpointFile {
  path: string;
  bytes: number;
  /** Of the content, see `fileChecksum`; absent in checkpoints that an earlier version wrote. */
  crc32?: string;
}

export interface CheckpointManifest {
  step: number;
  files: CheckpointFile[];
  state: unknown;
}

export const folderName = (step: number) => `checkpoint-${step}`;
const folderPattern = /^checkpoint-(\d+)$/;
export const stateFile = "state.json";
const optimizerPattern = /^optimizer(?:-(\d{5})-of-(\d{5}))?\.safetensors$/;

/** The optimizer's file of a rank. */
export function optimizerFile(rank = 0, ranks = 1): string {
  const number = (i: number) => String(i).padStart(5, "0");
  return ranks === 1 ? "optimizer.safetensors" : `optimizer-${number(rank + 1)}-of-${number(ranks)}.safetensors`;
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
  const optimizer = optimizerFiles(folder, files).map((path) => openSafetensors(join(folder, path)));
  const foreign = optimizer.find(({ metadata }) => metadata.step !== undefined && metadata.step !== String(step));
  if (!foreign) return { folder, step, state, optimizer };
  for (const file of optimizer) file.close();
  throw incomplete(folder, `${basename(foreign.path)} is of step ${foreign.metadata.step}`);
}

/** The optimizer's files in order of rank. */
function optimizerFiles(folder: string, files: readonly CheckpointFile[]): string[] {
  const found = files.map(({ path }) => path).filter((path) => optimizerPattern.test(path));
  const ranks = Number(optimizerPattern.exec(found[0] ?? "")?.[2] ?? 1);
  const expected = Array.from({ length: ranks }, (_, rank) => optimizerFile(rank, ranks));
  for (const path of expected) if (!found.includes(path)) throw incomplete(folder, `${path} is missing`);
  for (const path of found) if (!expected.includes(path)) throw incomplete(folder, `${path} is of another run`);
  return expected;
}

function readManifest(folder: string): CheckpointManifest {
  let manifest: CheckpointManifest;
  try {
    manifest = JSON.parse(readFileSync(join(folder, stateFile), "utf8")) as CheckpointManifest;
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
