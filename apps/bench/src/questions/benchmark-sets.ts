import { existsSync } from "node:fs";
import { join } from "node:path";
import { messages } from "@videor1/data";
import {
  type BenchmarkItem,
  benchmarks,
  exampleOf,
  type PromptName,
  promptItem,
  promptOf,
  readBenchmark,
  readSubtitles,
} from "@videor1/eval";
import type { BenchConfig } from "../config.ts";
import type { Question } from "./question.ts";
import type { QuestionSet } from "./question-set.ts";

/** The benchmarks of a config, in its order. */
export const benchmarksOf = ({ benchmark }: BenchConfig) => [benchmark ?? []].flat();

/**
 * The questions of a config's benchmarks, read from `data.folder`, or, of several, from its folder of the benchmark's name where
 * there is one.
 *
 * @throws {BenchmarkFileError} As `readBenchmark`; so the other errors.
 */
export async function benchmarkSets(config: BenchConfig, print: (line: string) => void): Promise<QuestionSet[]> {
  const { source, tasks, limit, data, name } = config;
  const names = benchmarksOf(config);
  const sets: QuestionSet[] = [];
  for (const benchmark of names) {
    const own = join(data.folder!, benchmark); // the schema refuses a config without
    const folder = names.length > 1 && existsSync(own) ? own : data.folder!;
    const { items, mediaFolder, ...read } = await readBenchmark(benchmark, folder, {
      source,
      tasks,
      limit,
      subtitles: data.subtitles,
      mediaFolder: data.media.mediaRoot,
      allowOtherCounts: data.allowOtherCounts,
      print,
    });
    promptOf(benchmarks[benchmark], config.prompt as PromptName); // an unknown name ends it here
    sets.push({
      name: name === undefined ? benchmark : names.length > 1 ? `${name}-${benchmark}` : name,
      questions: await Promise.all(
        items.map(async (item) => ({ ...(await questionOf(item, mediaFolder, config)), benchmark })),
      ),
      mediaRoot: mediaFolder,
      inputs: read.files,
      benchmark: { name: benchmark, items, source: read.source, isWhole: read.isWhole },
    });
  }
  return sets;
}

/** An item in the words of a prompt; in Video-R1's, the config may change them as it may for records. */
async function questionOf(item: BenchmarkItem, mediaFolder: string, { prompt, data }: BenchConfig): Promise<Question> {
  if (prompt === "video-r1") {
    const example = exampleOf(item);
    return { ...example, turns: messages(example, { stage: "eval", ...data.prompt }) };
  }
  const asked = { item, prompt: prompt as PromptName };
  const shown = exampleOf(promptItem(benchmarks[item.benchmark], asked.prompt, item));
  if (!data.subtitles) return { ...shown, asked };
  return { ...shown, asked: { ...asked, subtitles: await readSubtitles(mediaFolder, item) } };
}
