import { pipeline, Readable } from "node:stream";
import { createInflateRaw, inflateRawSync } from "node:zlib";
import { type Entry, fromRandomAccessReaderPromise, getFileNameLowLevel, type ZipFile } from "yauzl";
import { type ArchiveEntry, fileTime, type ReadArchiveOptions } from "./archive-entry.ts";
import { JoinedReader } from "./joined-file.ts";

/** Content up to this many bytes is inflated at once. */
const smallBytes = 1 << 20;

/**
 * The entries of a zip (zip64 too), in the order of its directory.
 *
 * @throws {Error} If it is no zip, or its directory is broken or written over several disks.
 */
export async function* zipEntries(
  files: readonly string[],
  { onPosition }: ReadArchiveOptions = {},
): AsyncGenerator<ArchiveEntry> {
  const reader = new JoinedReader(files);
  let zip: ZipFile | undefined;
  try {
    // names are checked by the caller, one by one; yauzl would end at the first that is wrong
    const options = { autoClose: false, decodeStrings: false, validateEntrySizes: false };
    zip = await fromRandomAccessReaderPromise(reader, reader.size, options);
    let position = 0;
    for await (const entry of zip.eachEntry()) {
      yield archiveEntry(zip, reader, entry);
      position += entry.compressedSize;
      onPosition?.(Math.min(position, reader.size));
    }
  } finally {
    if (zip !== undefined) zip.close();
    else reader.close(() => {});
  }
}

/** The kind that a Unix mode names; 0 where another system made the zip. */
function kindOf(mode: number): ArchiveEntry["kind"] {
  switch (mode >> 12) {
    case 0:
    case 8:
      return "file";
    case 4:
      return "folder";
    case 10:
      return "symbolic link";
    default:
      return "other";
  }
}

function archiveEntry(zip: ZipFile, reader: JoinedReader, entry: Entry): ArchiveEntry {
  const { generalPurposeBitFlag, fileNameRaw, extraFields, uncompressedSize: bytes, crc32: crc } = entry;
  const name = getFileNameLowLevel(generalPurposeBitFlag, fileNameRaw, extraFields, true);
  const isUnix = entry.versionMadeBy >> 8 === 3;
  const mode = isUnix ? entry.externalFileAttributes >>> 16 : 0;
  const kind = name.endsWith("/") ? "folder" : kindOf(mode);
  const fault = entry.isEncrypted()
    ? "it is encrypted"
    : entry.compressionMethod !== 0 && entry.compressionMethod !== 8
      ? `it is compressed by method ${entry.compressionMethod}; stored (0) and deflated (8) entries can be read`
      : entry.compressionMethod === 0 && entry.compressedSize !== bytes
        ? `it is stored in ${entry.compressedSize} bytes and said to have ${bytes}`
        : undefined;
  return {
    name,
    kind,
    bytes,
    crc,
    isExecutable: (mode & 0o111) !== 0,
    modified: fileTime(entry.getLastModDate()),
    ...(fault !== undefined && { fault }),
    read: () => content(zip, reader, entry),
    skip: async () => {},
  };
}

async function* content(zip: ZipFile, reader: JoinedReader, entry: Entry): AsyncGenerator<Buffer> {
  const { fileDataStart: start } = await zip.readLocalFileHeaderPromise(entry, { minimal: true });
  const { compressedSize, uncompressedSize } = entry;
  const packed = () => reader.createChunks(start, start + compressedSize);
  if (entry.compressionMethod === 0) yield* packed();
  else if (Math.max(compressedSize, uncompressedSize) <= smallBytes) {
    const whole = Buffer.alloc(compressedSize);
    if (reader.readAt(whole, start) < compressedSize) throw new Error("unexpected end of file");
    yield inflateRawSync(whole, { maxOutputLength: uncompressedSize + 1 });
  } else
    yield* pipeline(Readable.from(packed(), { objectMode: false }), createInflateRaw({ chunkSize: 1 << 18 }), () => {});
}
