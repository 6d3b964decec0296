import { createHash } from "node:crypto";
import { closeSync, existsSync, fstatSync, ftruncateSync, openSync, readSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { preparedFiles } from "@videor1/data";
import { writeSafetensors } from "@videor1/safetensors";
import { JournalError } from "../files/journal.ts";

/** Frames in a shard: `offset` counts from the first frames of the shard, and is not yet a place in its file. */
export interface ShardPlace {
  shard: number;
  offset: number;
}

/** What a shard is told of frames. */
interface Frames {
  name: string;
  sha256: string;
  frames: number;
  height: number;
  width: number;
}

/** Shards that frames are added to one after the other, and that are the same whether or not they were begun by an earlier process. */
export interface Shards {
  /** Adds frames to the open shard, or to the next if they would make it too large. */
  add(frames: Frames, rgb: Uint8Array): ShardPlace;
  /** Passes over frames that an earlier process added there. */
  pass(frames: Frames, place: ShardPlace): void;
  /** Makes the last shard whole. @returns The number of shards. */
  finish(): number;
  close(): void;
}

const sizeOf = ({ frames, height, width }: Frames): number => frames * height * width * 3;

/**
 * Shards in a folder, each a safetensors file that appears whole. The bytes of the open one wait in a file beside it.
 *
 * @param shardBytes - Most bytes of frames in a shard, unless one clip has more.
 */
export function createShards(folder: string, shardBytes: number): Shards {
  let shard = 0;
  let end = 0;
  let held: (Frames & { offset: number })[] = [];
  let waiting: number | undefined;
  const waitingPath = () => join(folder, `${preparedFiles.shard(shard)}.waiting`);
  const openWaiting = (): number => {
    if (waiting !== undefined) return waiting;
    waiting = openSync(waitingPath(), existsSync(waitingPath()) ? "r+" : "w+");
    if (fstatSync(waiting).size < end) throw lost(waitingPath());
    ftruncateSync(waiting, end); // what a killed process wrote and did not enter in the journal
    return waiting;
  };
  const close = () => {
    if (waiting !== undefined) closeSync(waiting);
    waiting = undefined;
  };
  const read = ({ offset, ...frames }: Frames & { offset: number }): Uint8Array => {
    const bytes = new Uint8Array(sizeOf(frames));
    readSync(openWaiting(), bytes, 0, bytes.length, offset);
    if (createHash("sha256").update(bytes).digest("hex") !== frames.sha256) throw lost(waitingPath());
    return bytes;
  };
  const seal = () => {
    const path = join(folder, preparedFiles.shard(shard));
    if (!existsSync(path)) {
      const tensors = held.map((frames) => ({
        name: frames.name,
        dtype: "U8" as const,
        shape: [frames.frames, frames.height, frames.width, 3],
        data: () => read(frames),
      }));
      writeSafetensors(path, tensors);
    }
    close();
    rmSync(waitingPath(), { force: true });
    shard += 1;
    end = 0;
    held = [];
  };
  const hold = (frames: Frames, offset: number) => {
    const { name, sha256, height, width } = frames;
    held.push({ name, sha256, frames: frames.frames, height, width, offset });
    end = offset + sizeOf(frames);
  };
  return {
    add(frames, rgb) {
      if (end > 0 && end + rgb.length > shardBytes) seal();
      const place = { shard, offset: end };
      const file = openWaiting();
      for (let done = 0; done < rgb.length; )
        done += writeSync(file, rgb, done, rgb.length - done, place.offset + done);
      hold(frames, place.offset);
      return place;
    },
    pass(frames, place) {
      while (shard < place.shard) seal();
      hold(frames, place.offset);
    },
    finish() {
      if (held.length > 0) seal();
      return shard;
    },
    close,
  };
}

const lost = (path: string) =>
  new JournalError(
    path,
    "does not hold the frames that the journal counts; the machine may have stopped before they were on the disk",
    "Set overwrite=true to begin again.",
  );
