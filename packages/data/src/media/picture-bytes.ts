/** Reads `length` bytes of a file from `start` on, fewer at its end. */
export type ReadBytes = (start: number, length: number) => Buffer;

/**
 * The end of an animated PNG file, as its chunks declare it: of the chunk IEND, or of what is missing before it.
 *
 * @returns Undefined for other files.
 * @see W3C Portable Network Graphics, section 5
 */
export function pngBytes(head: Buffer, bytes: number, read: ReadBytes): number | undefined {
  if (head.toString("hex", 0, 8) !== "89504e470d0a1a0a") return undefined;
  const empty = 12; // length, name and checksum
  for (let end = 8; ; ) {
    const chunk = read(end, 8);
    if (end > bytes || chunk.length < 8) return Math.max(end, bytes) + empty;
    end += empty + chunk.readUInt32BE(0);
    if (chunk.toString("latin1", 4, 8) === "IEND") return end;
  }
}

/**
 * The end of a GIF file: of its trailer, or one byte more than there is where no row of whole blocks leads to one.
 *
 * @returns Undefined for other files.
 * @see GIF89a, sections 17 to 27
 */
export function gifBytes(head: Buffer, bytes: number, read: ReadBytes): number | undefined {
  if (head.toString("latin1", 0, 4) !== "GIF8") return undefined;
  const byteAt = buffered(read);
  const tableBytes = (flags: number) => (flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0);
  let position = 13 + tableBytes(head[10] ?? 0);
  while (position < bytes) {
    const label = byteAt(position);
    if (label === 0x3b) return position + 1;
    if (label !== 0x21 && label !== 0x2c) break;
    position += label === 0x21 ? 2 : 11 + tableBytes(byteAt(position + 9));
    while (position < bytes && byteAt(position) > 0) position += 1 + byteAt(position);
    position += 1;
  }
  return bytes + 1;
}

/** The byte at a position, 0 past the end; the file is read in large pieces. */
function buffered(read: ReadBytes): (position: number) => number {
  const size = 1 << 16;
  let start = 0;
  let piece = read(0, size);
  return (position) => {
    if (position < start || position >= start + size) {
      start = position - (position % size);
      piece = read(start, size);
    }
    return piece[position - start] ?? 0;
  };
}
