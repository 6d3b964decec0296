import { closeSync, existsSync, openSync, readSync, renameSync, rmSync, statSync, writeSync } from "node:fs";
import { OutputThereError } from "../files/output-there.ts";

/** Lines in one file or several, each of which appears once it is whole. */
export interface BatchFiles {
  write(line: string): void;
  /** Ends the last file. The files' paths; of none the one that was named, empty. */
  finish(): string[];
  /** Leaves nothing of a file that is not whole. */
  discard(): void;
}

/**
 * @param size - Lines of a file: with it `requests.jsonl` becomes `requests-1.jsonl`, `requests-2.jsonl` and so on.
 * @throws {OutputThereError} If the place of a file is taken by something that is no batch file.
 */
export function batchFiles(path: string, size: number | undefined): BatchFiles {
  const files: string[] = [];
  let [file, count]: [number | undefined, number] = [undefined, 0];
  const pathOf = (number: number): string => (size === undefined ? path : path.replace(/(\.\w+)?$/, `-${number}$1`));
  const open = (): number => {
    const own = pathOf(files.length + 1);
    if (existsSync(own) && !statSync(own).isFile())
      throw new OutputThereError(own, "is there and is no file", "Name a new file, or an old batch file.");
    if (existsSync(own) && statSync(own).size > 0 && !isBatch(own))
      throw new OutputThereError(own, "is there and is no batch file", "Name a new file, or an old batch file.");
    files.push(own);
    count = 0;
    return openSync(`${own}.partial`, "w");
  };
  const close = () => {
    if (file === undefined) return;
    closeSync(file);
    file = undefined;
    renameSync(`${files.at(-1)}.partial`, files.at(-1)!);
  };
  return {
    write(line) {
      if (count === size) close();
      file ??= open();
      const bytes = Buffer.from(line);
      for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
      count += 1;
    },
    finish() {
      if (files.length === 0) file = open();
      close();
      return files;
    },
    discard() {
      if (file === undefined) return;
      closeSync(file);
      file = undefined;
      rmSync(`${files.at(-1)}.partial`, { force: true });
    },
  };
}

const batchHead = '{"custom_id"';

function isBatch(path: string): boolean {
  const head = Buffer.alloc(batchHead.length);
  const file = openSync(path, "r");
  try {
    readSync(file, head, 0, head.length, 0);
  } finally {
    closeSync(file);
  }
  return head.toString() === batchHead;
}
