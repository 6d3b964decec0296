import { existsSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type BegunFile, beginSafetensors, type WriteTensors } from "@videor1/safetensors";
import { type KeepRules, optimizerFile } from "./checkpoint.ts";
import { CheckpointError } from "./checkpoint-error.ts";
import { fileChecksum } from "./file-checksum.ts";
import {
  type CheckpointContent,
  type DeferWrites,
  endFiles,
  makeTemporary,
  publishCheckpoint,
  summedFiles,
  temporaryFolder,
  writeError,
  writeFailed,
} from "./save-checkpoint.ts";

/** The ranks that write a checkpoint together. */
export interface CheckpointRanks {
  rank: number;
  size: number;
  /** Every rank's value, in order of rank. */
  gather<T>(value: T): Promise<T[]>;
}

export interface CheckpointShard extends CheckpointContent {
  /** Of this rank's file of the optimizer. */
  metadata: Readonly<Record<string, string>>;
}

/** What a rank could not do, in words that pass between processes. */
interface Refusal {
  what: string;
  hint: string;
}

/** A file system of several machines may show a folder late. */
const longestMs = 10_000;

/**
 * `beginCheckpoint` of several ranks: each writes its own part of the optimizer, `optimizer-0000r-of-0000n.safetensors`, into the folder
 * that rank 0 makes, and rank 0 the rest. The checkpoint is there once all are done: every rank then calls `end`, which waits for them.
 *
 * @param content - `write` is called on rank 0 alone.
 * @throws {CheckpointError} CHECKPOINT_WRITE on every rank, naming the one whose disk refuses; nothing half-written remains. Errors of
 * `write` that are not the file system's are those of rank 0, and CHECKPOINT_WRITE on the others.
 */
export async function beginShards(
  root: string,
  { step, write, optimizer, state, metadata }: CheckpointShard,
  keep: KeepRules,
  { ranks, deferWrites }: { ranks: CheckpointRanks; deferWrites: DeferWrites },
): Promise<{ end(): Promise<string> }> {
  const { rank, size } = ranks;
  const temporary = temporaryFolder(root, step);
  const begun: BegunFile[] = [];
  const abort = () => {
    for (const file of begun.splice(0)) file.abort();
  };

  /** What `run` gives on every rank, unless it fails on one. */
  async function together<T>(run: () => T | Promise<T>): Promise<T[]> {
    let own: T | undefined;
    let cause: unknown;
    try {
      own = await run();
    } catch (error) {
      cause = writeError(root, step, error);
    }
    const outcomes = await ranks.gather({ value: own, refusal: cause === undefined ? null : refusalOf(cause) });
    const failed = outcomes.findIndex(({ refusal }) => refusal !== null);
    if (failed < 0) return outcomes.map(({ value }) => value as T);
    abort();
    if (rank === 0 && existsSync(temporary)) rmSync(temporary, { recursive: true, force: true });
    if (failed === rank) throw cause;
    const { what, hint } = outcomes[failed]!.refusal!;
    throw new CheckpointError("CHECKPOINT_WRITE", { path: root, what: `rank ${failed} cannot write: ${what}`, hint });
  }

  await together(() => {
    if (rank === 0) makeTemporary(root, step);
  });
  await together(() => untilThere(temporary, rank));
  let done: Promise<ReadonlyMap<number, number>> | undefined;
  let failure: { error: unknown } | undefined; // the others are told at the end
  try {
    const writeTensors: WriteTensors = (...args) => void begun.push(beginSafetensors(...args));
    ({ done } = await deferWrites(async () => {
      if (rank === 0) await write(temporary, writeTensors);
      const places = { step: String(step), rank: String(rank), ranks: String(size), ...metadata };
      writeTensors(join(temporary, optimizerFile(rank, size)), optimizer, places);
    }));
    done?.catch(() => {}); // `end` awaits it
  } catch (error) {
    failure = { error };
  }
  return {
    async end() {
      const part = join(temporary, optimizerFile(rank, size));
      let known = new Map<string, string>();
      const parts = await together(async () => {
        if (failure) throw failure.error;
        const sums = await done?.catch((cause: unknown) => {
          throw writeFailed(root, step, cause);
        });
        known = endFiles(begun.splice(0), sums);
        return { path: part, bytes: statSync(part).size, crc32: known.get(part) ?? fileChecksum(part) };
      });
      const [folder] = await together(() => {
        if (rank !== 0) return "";
        for (const { path, bytes, crc32 } of parts) {
          checkSize(path, bytes);
          known.set(path, crc32);
        }
        return publishCheckpoint(root, { step, files: summedFiles(temporary, known), state }, keep);
      });
      return folder!;
    },
  };
}

const refusalOf = (error: unknown): Refusal => {
  const { message, hint = "" } = error as Error & { hint?: string };
  return { what: message, hint };
};

async function untilThere(folder: string, rank: number): Promise<void> {
  for (let waited = 0; !existsSync(folder); waited += 100) {
    if (waited >= longestMs) {
      const hint = "outputDir must be on a file system that all ranks share, under the same path";
      throw new CheckpointError("CHECKPOINT_WRITE", { path: folder, what: `rank ${rank} does not see it`, hint });
    }
    await sleep(100);
  }
}

function checkSize(path: string, bytes: number): void {
  const found = statSync(path, { throwIfNoEntry: false })?.size;
  if (found === bytes) return;
  const what = found === undefined ? "rank 0 does not see it" : `has ${found} bytes for rank 0, ${bytes} were written`;
  const hint = "outputDir must be on a file system that all ranks share, under the same path";
  throw new CheckpointError("CHECKPOINT_WRITE", { path, what, hint });
}
