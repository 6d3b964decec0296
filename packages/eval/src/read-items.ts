import { existsSync } from "node:fs";
import { join } from "node:path";
import { readExamples } from "@videor1/data";
import type { Benchmark } from "./benchmark.ts";
import type { BenchmarkName } from "./benchmark-name.ts";
import { benchmarks } from "./benchmarks.ts";
import { BenchmarkCountError, BenchmarkFileError, BenchmarkTaskError } from "./errors.ts";
import { countDifferences } from "./expected-counts.ts";
import type { BenchmarkItem } from "./item.ts";
import { itemsOf } from "./items-of.ts";
import type { OfficialFile } from "./official-file.ts";
import { baseFolders, type FoundFile, filesIn } from "./reading/find-files.ts";
import { locateMedia } from "./reading/locate-media.ts";
import { readContent } from "./reading/read-content.ts";
import { videoR1Item } from "./reading/video-r1-items.ts";

/** The benchmark's own files, or Video-R1's `eval_*.json` of it. */
export type RecordSource = "official" | "video-r1";

export interface ReadItemsOptions {
  /** Default: whichever is there, official files first. */
  source?: RecordSource | undefined;
  /** Reads these tasks alone; default all. Of a benchmark with a file for each task the other files may be absent. */
  tasks?: readonly string[] | undefined;
  /** Takes the first items alone, after counts were compared. */
  limit?: number | undefined;
  /** Names the file of every item's subtitles, where its video has one. */
  subtitles?: boolean | undefined;
  /** Where videos and images are; default: the folder that the records are in. */
  mediaFolder?: string | undefined;
  /** Counts that differ from the release's are told by `print` instead of being an error. Default false. */
  allowOtherCounts?: boolean | undefined;
  /** Receives a line for everything that is odd; default: none. */
  print?: ((line: string) => void) | undefined;
}

/** A benchmark that was read from disk. */
export interface ReadBenchmark {
  items: BenchmarkItem[];
  source: RecordSource;
  /** The files that hold the records. */
  files: string[];
  /** The folder that media paths are relative to. */
  mediaFolder: string;
  /** Items whose video or image is not there. */
  missingMedia: BenchmarkItem[];
  /** The counts are those of the release; undefined where no release's are known, as of Video-R1's files. */
  isWhole: boolean | undefined;
}

/**
 * Reads a benchmark from a folder: its official files, laid out as on the Hub or in the authors' repository, or Video-R1's own
 * file of it; in the folder itself or one level deeper. Images that a table holds as bytes are put in a folder beside it, once.
 *
 * @throws {BenchmarkFileError} If neither is there, or a file cannot be read. @throws {BenchmarkRecordError} For a record that is
 * not as published. @throws {BenchmarkCountError} If there are more or fewer items than in the release, by group.
 */
export async function readBenchmark(
  name: BenchmarkName,
  folder: string,
  options: ReadItemsOptions = {},
): Promise<ReadBenchmark> {
  const benchmark = benchmarks[name];
  const { print = () => {}, tasks, limit } = options;
  checkTasks(benchmark, tasks);
  const { base, items: all, ...read } = await readRecords(benchmark, folder, options);
  const chosen = all.filter(({ groups }) => isChosen(groups.task, tasks)).slice(0, limit);
  if (chosen.length === 0)
    throw new BenchmarkFileError(benchmark, read.files.join(", "), `holds no item${tasks ? ` of ${tasks}` : ""}`);
  const mediaFolder = options.mediaFolder ?? base;
  const { items, missing, archives } = await locateMedia(benchmark, mediaFolder, chosen);
  if (missing.length > 0) {
    const first = [missing[0]!.media[0]!.path].flat()[0];
    const unpack = archives.length > 0 ? `; not unpacked: ${archives.join(", ")}` : "";
    print(`${name}: ${missing.length} of ${items.length} items have no media in ${mediaFolder}, as ${first}${unpack}`);
  }
  const withSubtitles = options.subtitles ? await nameSubtitles(benchmark, mediaFolder, items, print) : items;
  return { ...read, items: withSubtitles, mediaFolder, missingMedia: missing };
}

/** The items of {@link readBenchmark}. */
export const readItems = async (
  name: BenchmarkName,
  folder: string,
  options?: ReadItemsOptions,
): Promise<BenchmarkItem[]> => (await readBenchmark(name, folder, options)).items;

const isChosen = (task: string | undefined, tasks: readonly string[] | undefined): boolean =>
  tasks === undefined || (task !== undefined && tasks.includes(task));

function checkTasks({ name, expected }: Benchmark, tasks: readonly string[] = []): void {
  if (expected === undefined) return;
  const known = Object.keys(expected.groups.task ?? {});
  const unknown = tasks.filter((task) => (known.length > 0 ? !known.includes(task) : true));
  if (unknown.length > 0) throw new BenchmarkTaskError(name, unknown, known);
}

type Records = Pick<ReadBenchmark, "items" | "source" | "files" | "isWhole"> & { base: string };

async function readRecords(benchmark: Benchmark, folder: string, options: ReadItemsOptions): Promise<Records> {
  const { source, tasks } = options;
  const bases = await baseFolders(folder).catch((cause: Error) => {
    throw new BenchmarkFileError(benchmark, folder, `cannot be read: ${cause.message}`, { cause });
  });
  const wanted = benchmark.files.filter(({ task }) => task === undefined || isChosen(task, tasks));
  const needed = wanted.filter(({ factsOnly }) => !factsOnly);
  if (source !== "video-r1")
    for (const base of bases) {
      const found = await filesIn(base, wanted);
      const lacking = needed.filter((file) => !found.some((each) => each.file === file));
      if (lacking.length === 0) return await readOfficial(benchmark, base, found, options);
      if (lacking.length < needed.length) throw new BenchmarkFileError(benchmark, base, `lacks ${namesOf(lacking)}`);
    }
  const { recordsFile } = benchmark;
  if (source !== "official" && recordsFile !== undefined)
    for (const base of bases)
      if (existsSync(join(base, recordsFile)))
        return await readVideoR1(benchmark, join(base, recordsFile), base, options);
  if (source === "video-r1" && recordsFile === undefined)
    throw new BenchmarkFileError(benchmark, folder, "cannot be read by source video-r1: Video-R1 has no file of it");
  const official = source === "video-r1" ? [] : [`the official ${namesOf(needed)}`];
  const theirs = source === "official" || recordsFile === undefined ? [] : [`Video-R1's ${recordsFile}`];
  const looked = [...official, ...theirs].join(", nor ");
  throw new BenchmarkFileError(benchmark, folder, `has not ${looked}, itself or one level deeper`);
}

const namesOf = (files: readonly OfficialFile[]): string => files.map(({ names }) => names.join(" or ")).join(", ");

async function readOfficial(
  benchmark: Benchmark,
  base: string,
  found: readonly FoundFile[],
  { tasks, allowOtherCounts = false, print = () => {} }: ReadItemsOptions,
): Promise<Records> {
  const contents: Record<string, unknown> = {};
  const lines = new Map<string, readonly number[]>();
  for (const file of found) {
    const read = await readContent(benchmark, base, file);
    contents[file.name] = read.content;
    if (read.lines) lines.set(file.name, read.lines);
  }
  const items = itemsOf(benchmark.name, contents, (file, index) => lines.get(file)?.[index]);
  const { expected } = benchmark;
  const differences = expected === undefined ? [] : countDifferences(expected, items, tasks);
  if (differences.length > 0) {
    const error = new BenchmarkCountError(benchmark, differences);
    if (!allowOtherCounts) throw error;
    print(error.message);
  }
  const files = found.flatMap(({ parts }) => parts);
  return {
    base,
    items,
    source: "official",
    files,
    isWhole: expected === undefined ? undefined : differences.length === 0,
  };
}

async function readVideoR1(
  { name }: Benchmark,
  file: string,
  base: string,
  { print = () => {} }: ReadItemsOptions,
): Promise<Records> {
  const items = (await readExamples(file, { print })).map((example) => videoR1Item(name, example));
  print(`${name}: ${items.length} items of Video-R1's file ${file}; how many it should have is not published`);
  return { base, items, source: "video-r1", files: [file], isWhole: undefined };
}

async function nameSubtitles(
  { name, subtitlesOf }: Benchmark,
  folder: string,
  items: readonly BenchmarkItem[],
  print: (line: string) => void,
): Promise<BenchmarkItem[]> {
  const named = items.map((item) => {
    const subtitles = subtitlesOf?.(item);
    return subtitles !== undefined && existsSync(join(folder, subtitles)) ? { ...item, subtitles } : item;
  });
  const count = named.filter(({ subtitles }) => subtitles !== undefined).length;
  print(`${name}: ${count} of ${items.length} items have subtitles`);
  return named;
}
