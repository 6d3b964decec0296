import { once } from "node:events";
import { pipeline, Readable } from "node:stream";
import * as zlib from "node:zlib";
import { type Extract, extract, type Header } from "tar-stream";
import { DataToolError } from "../files/data-tool-error.ts";
import { type ArchiveEntry, fileTime, type ReadArchiveOptions } from "./archive-entry.ts";
import type { ArchiveKind } from "./archive-name.ts";
import { joinedBytes } from "./joined-file.ts";

/** Content that is passed over from this size on is not read, in a tar that is not compressed. */
const seekBytes = 1 << 20;

/**
 * The entries of a tar, compressed or not, in their order.
 *
 * @throws {Error} If it is no tar, is broken, or ends too early; DataToolError UNPACK_CUT if its end mark is absent, after its last
 * entry.
 */
export async function* tarEntries(
  files: readonly string[],
  kind: Exclude<ArchiveKind, "zip">,
  options: ReadArchiveOptions = {},
): AsyncGenerator<ArchiveEntry> {
  const tail = { zeros: 0 };
  const canSeek = kind === "tar";
  for (let start: number | undefined = 0; start !== undefined; ) {
    let next: number | undefined;
    const reader = extract({ allowUnknownFormat: true } as object);
    const feeding = feed(reader, tarBytes(files, kind, start, tail, options));
    try {
      for await (const stream of reader) {
        const header = stream.header as Header & { byteOffset: number };
        const end: number = start + header.byteOffset + Math.ceil(header.size / 512) * 512;
        const skip = async () => {
          if (canSeek && header.size >= seekBytes) next = end;
          else for await (const _ of stream);
        };
        yield archiveEntry(header, stream as AsyncIterable<Buffer>, skip);
        if (next !== undefined) break;
        stream.resume();
      }
    } finally {
      reader.destroy(null);
      await feeding;
    }
    start = next;
  }
  if (tail.zeros < 1024) {
    const hint = "Files of its last entries may be missing: fetch the archive again. What was unpacked stays.";
    throw new DataToolError("UNPACK_CUT", "the tar ends without its end mark", hint);
  }
}

/** Writes bytes into the reader until it or they end; an error of theirs becomes its. */
async function feed(reader: Extract, bytes: AsyncIterable<Buffer>): Promise<void> {
  try {
    let isClosed = false;
    const closed = once(reader, "close").then(() => {
      isClosed = true;
    });
    closed.catch(() => {});
    for await (const chunk of bytes) {
      if (isClosed || reader.destroyed) return;
      if (!reader.write(chunk)) await Promise.race([once(reader, "drain").catch(() => {}), closed.catch(() => {})]);
    }
    reader.end(null);
  } catch (error) {
    reader.destroy(error as Error);
  }
}

async function* tarBytes(
  files: readonly string[],
  kind: ArchiveKind,
  start: number,
  tail: { zeros: number },
  { onPosition, onUnpacked }: ReadArchiveOptions,
): AsyncGenerator<Buffer> {
  let [position, unpacked] = [start, 0];
  const packed = async function* () {
    for await (const chunk of joinedBytes(files, start)) {
      position += chunk.length;
      onPosition?.(position);
      yield chunk;
    }
  };
  tail.zeros = 0;
  for await (const chunk of kind === "tar" ? packed() : decompressed(packed(), kind)) {
    unpacked += chunk.length;
    if (kind !== "tar") onUnpacked?.(unpacked);
    const end = chunk.subarray(-1024);
    const last = end.findLastIndex((byte) => byte !== 0);
    tail.zeros = last < 0 ? tail.zeros + end.length : end.length - 1 - last;
    yield chunk;
  }
}

function decompressed(bytes: AsyncIterable<Buffer>, kind: ArchiveKind): AsyncIterable<Buffer> {
  const { createZstdDecompress } = zlib as unknown as { createZstdDecompress?: () => zlib.Gunzip };
  if (kind === "tar.zst" && createZstdDecompress === undefined) {
    const hint = `This is Node.js ${process.versions.node}. Use a newer one, or: zstd -d x.tar.zst, and unpack x.tar.`;
    throw new DataToolError("UNPACK_ZSTD", "zstd is read by Node.js from 22.15 on", hint);
  }
  const decompress = kind === "tar.zst" ? createZstdDecompress!() : zlib.createGunzip({ chunkSize: 1 << 18 });
  return pipeline(Readable.from(bytes, { objectMode: false }), decompress, () => {});
}

const kinds: Readonly<Record<string, ArchiveEntry["kind"]>> = {
  file: "file",
  "contiguous-file": "file",
  directory: "folder",
  symlink: "symbolic link",
  link: "hard link",
};

function archiveEntry(header: Header, stream: AsyncIterable<Buffer>, skip: () => Promise<void>): ArchiveEntry {
  const kind = kinds[header.type] ?? "other";
  return {
    name: header.name,
    kind,
    bytes: kind === "file" ? header.size : 0,
    isExecutable: (header.mode & 0o111) !== 0,
    modified: fileTime(header.mtime),
    ...(header.linkname && { linkTo: header.linkname }),
    ...(kind === "other" && { fault: `it is ${header.type ?? "of a kind that is not known"}` }),
    read: () => stream,
    skip,
  };
}
