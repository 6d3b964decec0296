import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, expect } from "vitest";
import { UnpackConfig as schema, type UnpackConfig, unpackAll } from "../src/unpack/command.ts";

const base = mkdtempSync(join(tmpdir(), "unpack-"));
afterAll(() => rmSync(base, { recursive: true }));
let count = 0;
/** An empty folder for one case. */
export const newFolder = (): string => {
  count += 1;
  const folder = join(base, `case ${count}`);
  mkdirSync(folder);
  return folder;
};
/** Writes a file, and gives its path. */
export const put = (folder: string, name: string, bytes: Buffer | string): string => {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), bytes);
  return join(folder, name);
};

export interface Result {
  complete: number;
  failed: number;
  files: number;
  kept: number;
  entries: number;
  refused: number;
  archives: {
    entries: number;
    files: number;
    kept: number;
    folders: number;
    links: number;
    stripped: number;
    refused: number;
    error?: { code: string; message: string; hint: string };
    refusals: { entry: string; code: string; reason: string }[];
  }[];
}

/** Unpacks, and checks that every entry has ended once. */
export async function run(archives: string | string[], settings: Partial<UnpackConfig> = {}): Promise<Result> {
  const config = schema.parse({ archives, ...settings });
  const { result } = await unpackAll(config, { signal: new AbortController().signal, print: () => {} });
  for (const { entries, files, kept, folders, links, stripped, refused } of (result as Result).archives)
    expect(files + kept + folders + links + stripped + refused).toBe(entries);
  return result as Result;
}
