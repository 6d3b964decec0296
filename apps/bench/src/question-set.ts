import { messages, readExamples } from "@videor1/data";
import { type Benchmark, type BenchmarkItem, type BenchmarkName, benchmarks, type RecordSource } from "@videor1/eval";
import type { BenchConfig } from "./config.ts";
import type { FrameOrder } from "./frame-order.ts";
import type { Question } from "./question.ts";

/** A benchmark that was read from its own files. */
export interface BenchmarkSet {
  name: BenchmarkName;
  items: readonly BenchmarkItem[];
  source: RecordSource;
  /** The counts are those of the release; undefined where they are not known. */
  isWhole: boolean | undefined;
}

/** The questions of one evaluation, which has files and a score of its own. */
export interface QuestionSet {
  /** Of its files, and of its column in the report. */
  name: string;
  questions: readonly Question[];
  mediaRoot: string;
  /** Files whose content the answers depend on. */
  inputs: readonly string[];
  /** Of a benchmark read from its own files: the items, in the order of the questions. */
  benchmark?: BenchmarkSet;
}

/** The questions that are asked in an order. */
export const questionsIn = ({ questions }: QuestionSet, frames: FrameOrder) =>
  frames === "ordered" ? questions : questions.filter(({ dataType }) => dataType === "video");

/** The benchmark that a file of records is said to be of. */
export function benchmarkOfRecords({ benchmark }: BenchConfig): Benchmark | undefined {
  return typeof benchmark === "string" ? benchmarks[benchmark] : undefined;
}

/** The records of `data.records`, asked in the words of Video-R1's evaluation. */
export async function recordSet(config: BenchConfig, print: (line: string) => void): Promise<QuestionSet> {
  const { onInvalid, dataType, media, prompt } = config.data;
  const records = config.data.records!; // the schema refuses a config without
  const rules = config.grading === "safe" && config.gradingOptions.unicode ? "safe" : "video-r1";
  const examples = await readExamples(records, { onInvalid, dataType, rules, print });
  return {
    name: config.name!,
    questions: examples
      .slice(0, config.limit)
      .map((example) => ({ ...example, turns: messages(example, { stage: "eval", ...prompt }) })),
    mediaRoot: media.mediaRoot!,
    inputs: [records],
  };
}
