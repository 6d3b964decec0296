import { readFile, stat } from "node:fs/promises";
import { type ParquetRow, parquetRowGroups } from "@videor1/data";
import type { Benchmark } from "../benchmark.ts";
import { BenchmarkFileError } from "../errors.ts";
import { extractImages } from "./embedded-images.ts";
import type { FoundFile } from "./find-files.ts";

/** A file's content, and of one record a line the line of each. */
export interface Content {
  content: unknown;
  lines?: readonly number[];
}

/**
 * Reads an official file: JSON, JSON Lines, or the parts of a parquet table, whose images are written to files of `base`.
 *
 * @throws {BenchmarkFileError} If it cannot be read or parsed.
 */
export async function readContent(benchmark: Benchmark, base: string, { name, parts }: FoundFile): Promise<Content> {
  try {
    for (const part of parts) if ((await stat(part)).size === 0) throw new RangeError("it is empty");
    if (name.endsWith(".parquet")) return { content: await readTable(base, parts) };
    const text = (await readFile(parts[0]!, "utf8")).replace(/^\ufeff/, "");
    return name.endsWith(".jsonl") ? parseLines(text) : { content: JSON.parse(text) };
  } catch (error) {
    throw new BenchmarkFileError(benchmark, parts[0]!, `cannot be read: ${(error as Error).message}`, { cause: error });
  }
}

async function readTable(base: string, parts: readonly string[]): Promise<ParquetRow[]> {
  const rows: ParquetRow[] = [];
  for (const part of parts)
    for await (const group of parquetRowGroups(part))
      for (const row of await extractImages(base, group)) rows.push(row);
  return rows;
}

function parseLines(text: string): Content {
  const content: unknown[] = [];
  const lines: number[] = [];
  for (const [i, line] of text.split("\n").entries()) {
    if (line.trim() === "") continue;
    try {
      content.push(JSON.parse(line));
    } catch (error) {
      throw new SyntaxError(`line ${i + 1}: ${(error as Error).message}`, { cause: error });
    }
    lines.push(i + 1);
  }
  return { content, lines };
}
