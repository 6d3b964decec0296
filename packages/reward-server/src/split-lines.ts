/** One line without its line feed; undefined bytes where it was longer than allowed. */
export interface Line {
  /** From 1. */
  number: number;
  bytes: Buffer | undefined;
}

/**
 * Cuts chunks of bytes into lines, and holds no more than `maxBytes` of an unfinished one.
 *
 * @returns For each chunk the lines that end in it; for the end of the input the last line, if it has no line feed.
 */
export async function* splitLines(chunks: AsyncIterable<Uint8Array>, maxBytes: number): AsyncGenerator<Line[]> {
  let number = 0;
  let parts: Buffer[] = [];
  let length = 0;
  const add = (part: Buffer): void => {
    length += part.length;
    if (length <= maxBytes) parts.push(part);
    else parts = [];
  };
  const take = (): Line => {
    const bytes = length > maxBytes ? undefined : parts.length === 1 ? parts[0] : Buffer.concat(parts);
    parts = [];
    length = 0;
    number++;
    return { number, bytes };
  };
  for await (const chunk of chunks) {
    const buffer = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    const lines: Line[] = [];
    let start = 0;
    for (let end = buffer.indexOf(10); end >= 0; end = buffer.indexOf(10, start)) {
      add(buffer.subarray(start, end));
      lines.push(take());
      start = end + 1;
    }
    if (start < buffer.length) add(buffer.subarray(start));
    yield lines;
  }
  if (length > 0) yield [take()];
}
