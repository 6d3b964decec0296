import { closeSync, createReadStream, openSync, readSync, statSync } from "node:fs";
import { Readable } from "node:stream";
import { RandomAccessReader } from "yauzl";

/** The bytes of files, one after the other, from an offset on. */
export async function* joinedBytes(
  files: readonly string[],
  start = 0,
  end = Number.POSITIVE_INFINITY,
): AsyncGenerator<Buffer> {
  let before = 0;
  for (const file of files) {
    const { size } = statSync(file);
    const [from, to] = [Math.max(0, start - before), Math.min(size, end - before)];
    if (from < to) yield* createReadStream(file, { start: from, end: to - 1, highWaterMark: 1 << 18 });
    before += size;
  }
}

/** The same files as one, for a reader of zips. */
export class JoinedReader extends RandomAccessReader {
  readonly #files: { file: number; start: number; end: number }[] = [];
  readonly size: number;

  constructor(paths: readonly string[]) {
    super();
    let start = 0;
    for (const path of paths) {
      const end = start + statSync(path).size;
      this.#files.push({ file: openSync(path, "r"), start, end });
      start = end;
    }
    this.size = start;
  }

  /** Fills as much of the buffer as there are bytes. */
  readAt(buffer: Buffer, position: number): number {
    let count = 0;
    for (const { file, start, end } of this.#files) {
      const at = position + count;
      if (count === buffer.length || at < start || at >= end) continue;
      count += readSync(file, buffer, count, Math.min(buffer.length - count, end - at), at - start);
    }
    return count;
  }

  override read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
    callback: (error: Error | null) => void,
  ): void {
    let error: Error | null = null;
    try {
      const count = this.readAt(buffer.subarray(offset, offset + length), position);
      if (count < length) error = new Error("unexpected end of file");
    } catch (cause) {
      error = cause as Error;
    }
    setImmediate(callback, error);
  }

  /** The bytes of a range, read as they are taken. */
  *createChunks(start: number, end: number): Generator<Buffer> {
    for (let at = start; at < end; ) {
      const chunk = Buffer.allocUnsafe(Math.min(1 << 18, end - at));
      const count = this.readAt(chunk, at);
      if (count === 0) throw new Error("unexpected end of file");
      at += count;
      yield chunk.subarray(0, count);
    }
  }

  override _readStreamForRange(start: number, end: number): Readable {
    return Readable.from(this.createChunks(start, end), { objectMode: false });
  }

  override close(callback: (error: Error | null) => void): void {
    for (const { file } of this.#files.splice(0)) closeSync(file);
    setImmediate(callback, null);
  }
}
