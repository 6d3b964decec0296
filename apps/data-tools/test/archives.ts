import { createHash } from "node:crypto";
import { lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { crc32, deflateRawSync, gzipSync } from "node:zlib";
import { randomStream } from "@videor1/random";
import { type Header, pack } from "tar-stream";

/** A file, a folder (its name ends in "/") or, in a tar, a link. */
export interface MadeEntry {
  name: string;
  content?: string | Buffer;
  mode?: number;
  /** Of a tar alone. */
  header?: Partial<Header>;
}

const time = new Date("2024-05-06T07:08:10Z");

/** A zip of these entries, names as they are, deflated where the content is longer than `storeBelow` bytes. */
export function makeZip(entries: readonly MadeEntry[], { storeBelow = 0, zip64 = false } = {}): Buffer {
  const pieces: Buffer[] = [];
  const directory: Buffer[] = [];
  let position = 0;
  const add = (list: Buffer[], ...buffers: Buffer[]) => {
    list.push(...buffers);
    if (list === pieces) position += buffers.reduce((sum, { length }) => sum + length, 0);
  };
  const [u16, u32, u64] = [2, 4, 8].map((bytes) => (...values: number[]) => {
    const buffer = Buffer.alloc(bytes! * values.length);
    values.forEach((value, i) => void buffer.writeUIntLE(value, i * bytes!, Math.min(6, bytes!)));
    return buffer;
  }) as [(...values: number[]) => Buffer, (...values: number[]) => Buffer, (...values: number[]) => Buffer];
  for (const { name, content = "", mode = 0o100644 } of entries) {
    const [nameBytes, bytes] = [Buffer.from(name), Buffer.from(content)];
    const isDeflated = bytes.length > storeBelow;
    const packed = isDeflated ? deflateRawSync(bytes) : bytes;
    const times = Buffer.concat([u16(0x5455, 5), Buffer.from([1]), u32(time.getTime() / 1000)]);
    const sizes = [packed.length, bytes.length];
    const large = zip64 ? Buffer.concat([u16(1, 24), u64(bytes.length, packed.length, position)]) : Buffer.alloc(0);
    const shown = zip64 ? [0xffffffff, 0xffffffff] : sizes;
    const common = (extra: number) =>
      Buffer.concat([
        u16(45, 0x800, isDeflated ? 8 : 0, 0, 0x58a6),
        u32(crc32(bytes), ...shown),
        u16(nameBytes.length, extra),
      ]);
    const at = zip64 ? 0xffffffff : position;
    const extra = Buffer.concat([times, large]);
    const external = ((name.endsWith("/") ? 0o040755 : mode) << 16) >>> 0;
    add(
      directory,
      u32(0x02014b50),
      u16(0x032d),
      common(extra.length),
      u16(0, 0, 0),
      u32(external, at),
      nameBytes,
      extra,
    );
    add(pieces, u32(0x04034b50), common(large.length), nameBytes, large, packed);
  }
  const [start, all] = [position, Buffer.concat(directory)];
  if (zip64) {
    const end = start + all.length;
    const counts = u64(entries.length, entries.length, all.length, start);
    add(directory, u32(0x06064b50), u64(44), u16(45, 45), u32(0, 0), counts, u32(0x07064b50, 0), u64(end), u32(1));
  }
  const count = zip64 ? 0xffff : entries.length;
  const [bytes, at] = zip64 ? [0xffffffff, 0xffffffff] : [all.length, start];
  add(directory, u32(0x06054b50), u16(0, 0, count, count), u32(bytes, at), u16(0));
  return Buffer.concat([...pieces, ...directory]);
}

/** A tar of these entries. */
export async function makeTar(entries: readonly MadeEntry[]): Promise<Buffer> {
  const tar = pack();
  for (const { name, content = "", mode = 0o644, header } of entries) {
    const type = name.endsWith("/") ? "directory" : "file";
    tar.entry({ name, mode: mode & 0o777, mtime: time, type, ...header }, Buffer.from(content));
  }
  tar.finalize();
  return await buffer(Readable.from(tar as AsyncIterable<Buffer>));
}

export const makeTgz = async (entries: readonly MadeEntry[]): Promise<Buffer> => gzipSync(await makeTar(entries));

/** Files of odd sizes in a few folders, the same for a seed. */
export function someFiles(count: number, seed = 42, bytes = 3000): MadeEntry[] {
  const random = randomStream(seed, "archives");
  return Array.from({ length: count }, (_, i) => {
    const length = Math.floor(random.next() ** 3 * bytes);
    const content = Buffer.from(Array.from({ length }, () => Math.floor(random.next() * (i % 3 === 0 ? 256 : 4))));
    return { name: `folder ${i % 7}/clip-é${i}.mp4`, content, mode: i % 5 === 0 ? 0o100755 : 0o100644 };
  });
}

/** Everything below a folder, a line an item: path, kind, mode, time, and hash of the content. Work folders are left out. */
export function treeOf(folder: string): string[] {
  const walk = (path: string): string[] =>
    readdirSync(join(folder, path), { withFileTypes: true }).flatMap((entry) => {
      const item = path === "" ? entry.name : `${path}/${entry.name}`;
      const full = join(folder, item);
      if (entry.name === ".videor1-unpack") return [];
      if (entry.isDirectory()) return [`${item}/`, ...walk(item)];
      if (entry.isSymbolicLink()) return [`${item} -> ${readlinkSync(full)}`];
      const { mode, mtimeMs } = lstatSync(full);
      const hash = createHash("sha256").update(readFileSync(full)).digest("hex").slice(0, 16);
      return [`${item} ${(mode & 0o777).toString(8)} ${mtimeMs} ${hash}`];
    });
  return walk("").sort();
}
