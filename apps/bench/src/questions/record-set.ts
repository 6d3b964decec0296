import { messages, readExamples } from "@videor1/data";
import { type Benchmark, benchmarks } from "@videor1/eval";
import type { BenchConfig } from "../config.ts";
import type { QuestionSet } from "./question-set.ts";

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
