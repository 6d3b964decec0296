import { closeSync, openSync, readSync } from "node:fs";

/** A line of a text file. */
export interface TextLine {
  text: string;
  /** Offset of the byte behind its line break, or behind the file's last byte where it has none. */
  end: number;
  /** Whether a line break ends it. */
  isWhole: boolean;
}

/**
 * The lines of a UTF-8 file, read in blocks: a file may be larger than the longest string, of 512 MiB. A byte order mark, which
 * editors put before the first, is left out.
 *
 * @throws The file system's error.
 */
export function textLines(path: string, blockBytes = 2 ** 24): TextLine[] {
  const file = openSync(path, "r");
  try {
    const lines: TextLine[] = [];
    const block = Buffer.allocUnsafe(blockBytes);
    let begun: Buffer[] = []; // blocks of the line that is being read
    let offset = 0;
    for (let size = readSync(file, block); size > 0; size = readSync(file, block)) {
      let start = 0;
      for (let at = block.indexOf(10); at >= 0 && at < size; at = block.indexOf(10, start)) {
        const text = Buffer.concat([...begun, block.subarray(start, at)]).toString("utf8");
        start = at + 1;
        lines.push({ text, end: offset + start, isWhole: true });
        begun = [];
      }
      if (start < size) begun.push(Buffer.from(block.subarray(start, size)));
      offset += size;
    }
    if (begun.length > 0) lines.push({ text: Buffer.concat(begun).toString("utf8"), end: offset, isWhole: false });
    if (lines[0]) lines[0].text = lines[0].text.replace(/^\uFEFF/, "");
    return lines;
  } finally {
    closeSync(file);
  }
}
