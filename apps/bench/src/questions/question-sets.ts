import type { BenchConfig } from "../config.ts";
import { benchmarkSets } from "./benchmark-sets.ts";
import type { QuestionSet } from "./question-set.ts";
import { recordSet } from "./record-set.ts";

/** The evaluations that a config asks for: of benchmarks' own files, or of one file of records. */
export const questionSets = async (config: BenchConfig, print: (line: string) => void): Promise<QuestionSet[]> =>
  config.data.folder === undefined ? [await recordSet(config, print)] : await benchmarkSets(config, print);
