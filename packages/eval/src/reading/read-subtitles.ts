import { readFile } from "node:fs/promises";
import { isAbsolute, join, normalize } from "node:path";
import { SubtitlesError } from "../errors.ts";
import type { BenchmarkItem } from "../item.ts";
import type { Subtitle } from "../prompts/subtitles.ts";

/**
 * The subtitles of an item's video in the order of the file: `.srt` as Video-MME has them, or LongVideoBench's JSON, whose two
 * forms are `{timestamp: [s, e], text}` and `{start: "h:m:s", end, line}`.
 *
 * @returns null if the item names no file: its video has none, or they were not asked for.
 * @throws {SubtitlesError} If the file is outside of the folder, cannot be read, or has neither form.
 */
export async function readSubtitles(mediaFolder: string, { subtitles }: BenchmarkItem): Promise<Subtitle[] | null> {
  if (subtitles === undefined) return null;
  if (isAbsolute(subtitles) || normalize(subtitles).startsWith(".."))
    throw new SubtitlesError(subtitles, `it leads out of the folder of the media, ${mediaFolder}`);
  try {
    const text = (await readFile(join(mediaFolder, subtitles), "utf8")).replace(/^\ufeff/, "");
    return subtitles.endsWith(".json") ? (JSON.parse(text) as unknown[]).map(fromJson) : parseSrt(text);
  } catch (error) {
    throw new SubtitlesError(subtitles, (error as Error).message, { cause: error });
  }
}

/** A number, a line of two times, and the words; sections of fewer lines are left out. */
function parseSrt(text: string): Subtitle[] {
  return text
    .replaceAll("\r\n", "\n")
    .split("\n\n")
    .map((section) =>
      section.split("\n").filter((line, i, lines) => line.trim() !== "" || (i > 0 && i < lines.length - 1)),
    )
    .filter((lines) => lines.length >= 3)
    .map(([, times = "", ...words]) => {
      const [start, end] = times.split(" --> ").map(seconds);
      if (start === undefined || end === undefined) throw new SyntaxError(`"${times}" is no pair of times`);
      return { start, end, text: words.join(" ") };
    });
}

/** `h:m:s`, with a fraction behind a comma or a full stop. */
function seconds(time: string): number {
  const parts = time.trim().replace(",", ".").split(":").map(Number);
  const [hours = Number.NaN, minutes = Number.NaN, rest = Number.NaN] = parts;
  const total = hours * 3600 + minutes * 60 + rest;
  if (parts.length !== 3 || Number.isNaN(total)) throw new SyntaxError(`"${time}" is no time`);
  return total;
}

function fromJson(value: unknown): Subtitle {
  const { timestamp, text, start, end, line } = Object(value) as Record<string, unknown>;
  if (Array.isArray(timestamp) && typeof timestamp[0] === "number" && typeof text === "string")
    return { start: timestamp[0], end: typeof timestamp[1] === "number" ? timestamp[1] : undefined, text };
  if (typeof start === "string" && typeof end === "string" && typeof line === "string")
    return { start: seconds(start), end: seconds(end), text: line };
  throw new SyntaxError(`${JSON.stringify(value)} is no subtitle`);
}
