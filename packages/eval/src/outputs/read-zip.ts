import { crc32, inflateRawSync } from "node:zlib";

const endOfDirectory = 0x06054b50;
const directoryEntry = 0x02014b50;

/**
 * The files in a ZIP archive, by name, each inflated when it is asked for.
 *
 * @throws {RangeError} If the bytes are no archive, or an entry is packed in a way that spreadsheets do not use.
 */
export function readZip(bytes: Buffer): (name: string) => Buffer | undefined {
  const end = bytes.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
  if (end < 0 || bytes.readUInt32LE(end) !== endOfDirectory) throw new RangeError("no ZIP archive");
  const entries = new Map<string, number>();
  for (let at = bytes.readUInt32LE(end + 16); at < end && bytes.readUInt32LE(at) === directoryEntry; ) {
    const lengths = [28, 30, 32].map((offset) => bytes.readUInt16LE(at + offset)) as [number, number, number];
    entries.set(bytes.toString("utf8", at + 46, at + 46 + lengths[0]), at);
    at += 46 + lengths[0] + lengths[1] + lengths[2];
  }
  return (name) => {
    const at = entries.get(name);
    return at === undefined ? undefined : contentOf(bytes, at);
  };
}

function contentOf(bytes: Buffer, entry: number): Buffer {
  const method = bytes.readUInt16LE(entry + 10);
  const packed = bytes.readUInt32LE(entry + 20);
  const local = bytes.readUInt32LE(entry + 42);
  const start = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
  const content = bytes.subarray(start, start + packed);
  if (method !== 0 && method !== 8) throw new RangeError(`a file in it is packed by method ${method}`);
  const unpacked = method === 0 ? content : inflateRawSync(content, { maxOutputLength: 1024 ** 3 });
  if (crc32(unpacked) !== bytes.readUInt32LE(entry + 16)) throw new RangeError("a file in it is damaged");
  return unpacked;
}
