import type { BenchmarkItem, BenchmarkName, RecordSource } from "@videor1/eval";
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
