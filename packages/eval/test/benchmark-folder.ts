import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";

/** A folder that is removed when the test ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "benchmark-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Writes files by name: texts as they are, `.jsonl` a record a line, other values as JSON. */
export function writeFiles(folder: string, files: Readonly<Record<string, unknown>>): string {
  for (const [name, content] of Object.entries(files)) {
    const file = join(folder, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, textOf(name, content));
  }
  return folder;
}

function textOf(name: string, content: unknown): string {
  if (typeof content === "string") return content;
  if (!name.endsWith(".jsonl")) return JSON.stringify(content);
  return (content as unknown[]).map((record) => `${JSON.stringify(record)}\n`).join("");
}

/** Copies the parquet files of one of the folders in fixtures/parquet. */
export function copyParquet(name: string, folder: string): string {
  cpSync(fileURLToPath(new URL(`fixtures/parquet/${name}`, import.meta.url)), folder, { recursive: true });
  return folder;
}
