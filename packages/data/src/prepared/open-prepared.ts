import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { PreparedError } from "../errors.ts";
import { growingNumbers } from "../growing-numbers.ts";
import { contentHash, fileStamps } from "../media/media-content.ts";
import { type IndexLine, type PreparedEntry, preparedFiles } from "./prepared-entry.ts";

/** A folder of prepared frames. Of its index only places are held. */
export interface PreparedFrames {
  folder: string;
  keys(): Iterable<string>;
  /** The line of a key; undefined if there is none. */
  find(key: string): Promise<IndexLine | undefined>;
  /** True if the files are those that the frames were made of: by sizes and times, else by what they hold. */
  isOf(entry: PreparedEntry, files: string | readonly string[]): Promise<boolean>;
  /** @throws {PreparedError} If the bytes are not those that were written. */
  read(entry: PreparedEntry): Promise<Uint8Array<ArrayBuffer>>;
}

/** @throws {PreparedError} If the folder is absent, or was not made whole. */
export async function openPrepared(folder: string): Promise<PreparedFrames> {
  const index = join(folder, preparedFiles.index);
  const [starts, sizes] = [growingNumbers(), growingNumbers()];
  const places = new Map<string, number>();
  const known = new Map<string, boolean>();
  try {
    await (await open(join(folder, preparedFiles.head))).close();
    for await (const { key, start, size } of indexLines(index)) {
      places.set(key, starts.length);
      starts.push(start);
      sizes.push(size);
    }
  } catch (cause) {
    const reason = `no folder of prepared frames, or not whole (${(cause as Error).message})`;
    throw new PreparedError("PREPARED_FOLDER", folder, reason, { cause });
  }
  const readAt = async (path: string, position: number, size: number): Promise<Uint8Array<ArrayBuffer>> => {
    const bytes = new Uint8Array(size);
    let file: FileHandle | undefined;
    try {
      file = await open(path);
      for (let done = 0; done < size; ) {
        const { bytesRead } = await file.read(bytes, done, size - done, position + done);
        if (bytesRead === 0) throw new RangeError("the file is cut short");
        done += bytesRead;
      }
      return bytes;
    } catch (cause) {
      throw new PreparedError("PREPARED_BROKEN", path, `cannot be read: ${(cause as Error).message}`, { cause });
    } finally {
      await file?.close();
    }
  };
  return {
    folder,
    keys: () => places.keys(),
    async find(key) {
      const place = places.get(key);
      if (place === undefined) return undefined;
      const bytes = await readAt(index, starts.at(place), sizes.at(place));
      const line = parsed(Buffer.from(bytes).toString());
      if (line?.key !== key) throw new PreparedError("PREPARED_BROKEN", index, `its line of ${key} is no entry`);
      return line;
    },
    async isOf({ stamps, content }, files) {
      const now = await fileStamps(files);
      if (isDeepStrictEqual(now, stamps)) return true;
      const key = JSON.stringify([content, files, now]);
      const isSame = known.get(key) ?? (await contentHash(files)) === content;
      known.set(key, isSame);
      return isSame;
    },
    async read({ shard, name, position, frames, height, width, sha256 }) {
      const path = join(folder, preparedFiles.shard(shard));
      const rgb = await readAt(path, position, frames * height * width * 3);
      if (createHash("sha256").update(rgb).digest("hex") !== sha256)
        throw new PreparedError("PREPARED_BROKEN", path, `the frames ${name} are not those that were written`);
      return rgb;
    },
  };
}

/** A line of the index whose numbers lead to bytes of a shard; undefined for any other text. */
function parsed(text: string): IndexLine | undefined {
  try {
    const line = JSON.parse(text) as IndexLine;
    if ("failed" in line) return line;
    const { shard, position, frames, height, width } = line;
    const isFit = [shard, position, frames, height, width].every((value) => Number.isSafeInteger(value) && value >= 0);
    return isFit && frames * height * width * 3 < 2 ** 32 ? line : undefined;
  } catch {
    return undefined;
  }
}

const keyStart = '{"key":"'.length;

/** Places of the lines of an index, each with its key. */
async function* indexLines(path: string): AsyncGenerator<{ key: string; start: number; size: number }> {
  let rest: Buffer = Buffer.alloc(0);
  let start = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) {
    const bytes = Buffer.concat([rest, chunk]);
    let from = 0;
    for (let to = bytes.indexOf(10); to >= 0; to = bytes.indexOf(10, from)) {
      const key = bytes.toString("latin1", from + keyStart, bytes.indexOf(0x22, from + keyStart));
      yield { key, start: start + from, size: to - from };
      from = to + 1;
    }
    rest = bytes.subarray(from);
    start += from;
  }
  if (rest.length > 0) throw new RangeError("its index is cut short");
}
