import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";

/** A record's bytes in its file. */
export interface PlacedRecord {
  start: number;
  bytes: Buffer;
  /** 1-based line of a JSON Lines file. */
  line?: number;
}

/** The file is not as {@link placedRecords} reads it: it may be broken, or of a kind whose records have no bytes of their own. */
export class NoPlacesError extends Error {
  override readonly name = "NoPlacesError";
}

const headBytes = 1 << 16;
const chunkBytes = 1 << 20;
const blank = /^\s*$/;

/**
 * Yields the bytes of each record of a JSON array, of an object that begins with one as "results", or of JSON Lines, without parsing
 * them: commas and brackets outside of strings part the records of an array.
 *
 * @throws {NoPlacesError} For any other file. Text that stands for a record may still be no JSON.
 */
export async function* placedRecords(file: string): AsyncGenerator<PlacedRecord, void, void> {
  const head = await headOf(file);
  const opening = /^(?:\xEF\xBB\xBF)?\s*(?:(\[)|(\{\s*"results"\s*:\s*\[)|\{)/.exec(head);
  if (opening === null) throw new NoPlacesError(file);
  if (opening[1] || opening[2]) yield* elements(file, opening[0].length, opening[2] ? '{"results":[]' : "[]");
  else yield* lines(file);
}

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** The value of a record's bytes. @throws {NoPlacesError} If they are no JSON in UTF-8. */
export function jsonOf(bytes: Buffer): unknown {
  try {
    return JSON.parse(decoder.decode(bytes));
  } catch {
    throw new NoPlacesError("no JSON");
  }
}

async function* lines(file: string): AsyncGenerator<PlacedRecord> {
  let rest: Buffer = Buffer.alloc(0);
  let start = 0;
  let line = 0;
  for await (const chunk of createReadStream(file, { highWaterMark: chunkBytes }) as AsyncIterable<Buffer>) {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let from = 0;
    for (let to = bytes.indexOf(10, rest.length); to >= 0; to = bytes.indexOf(10, from)) {
      line += 1;
      yield { start: start + from, bytes: bytes.subarray(from, to), line };
      from = to + 1;
    }
    rest = bytes.subarray(from);
    start += from;
  }
  yield { start, bytes: rest, line: line + 1 };
}

/** @param begin - Offset behind the bracket that opens the array. @param before - JSON that is whole with what follows the array. */
async function* elements(file: string, begin: number, before: string): AsyncGenerator<PlacedRecord> {
  const scan = elementEnds();
  let rest: Buffer = Buffer.alloc(0);
  let start = begin;
  let count = 0;
  let tail: string[] | undefined;
  const stream = createReadStream(file, { start: begin, highWaterMark: chunkBytes });
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    if (tail !== undefined) {
      tail.push(chunk.toString("latin1"));
      continue;
    }
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let from = 0;
    for (let at = rest.length; at < bytes.length && tail === undefined; ) {
      const to = scan(bytes, at);
      if (to < 0) break;
      const isLast = bytes[to] === closing;
      const element = bytes.subarray(from, to);
      const isNone = isLast && count === 0 && blank.test(element.toString("latin1"));
      if (!isNone) yield { start: start + from, bytes: element };
      count += 1;
      from = to + 1;
      at = from;
      if (isLast) tail = [bytes.toString("latin1", from)];
    }
    rest = bytes.subarray(from);
    start += from;
  }
  if (tail === undefined || !isJson(before + tail.join(""))) throw new NoPlacesError(file);
}

const [quote, backslash, comma, opening, closing, openingBrace, closingBrace] = [34, 92, 44, 91, 93, 123, 125];

/** Returns a function that finds, from `from` on, the comma or bracket that ends an element; -1 if it is not among these bytes. */
function elementEnds(): (bytes: Buffer, from: number) => number {
  let depth = 0;
  let inString = false;
  let escaped = false;
  return (bytes, from) => {
    for (let i = from; i < bytes.length; i += 1) {
      const byte = bytes[i];
      if (inString) {
        if (escaped) escaped = false;
        else if (byte === backslash) escaped = true;
        else if (byte === quote) inString = false;
      } else if (byte === quote) inString = true;
      else if (byte === openingBrace || byte === opening) depth += 1;
      else if (depth === 0 && (byte === comma || byte === closing)) return i;
      else if (byte === closingBrace || byte === closing) depth -= 1;
    }
    return -1;
  };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** The first bytes, as Latin-1. */
async function headOf(path: string): Promise<string> {
  const file = await open(path).catch(() => {
    throw new NoPlacesError(path);
  });
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(headBytes), 0, headBytes, 0);
    return buffer.toString("latin1", 0, bytesRead);
  } catch {
    throw new NoPlacesError(path);
  } finally {
    await file.close();
  }
}
