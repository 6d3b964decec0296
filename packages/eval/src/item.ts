import { type Example, type MediaItem, mediaOf } from "@videor1/data";
import type { ProblemType } from "@videor1/rewards";
import type { BenchmarkName } from "./benchmark-name.ts";

/** One question of a benchmark, whatever file it came from: the official one or Video-R1's own. */
export interface BenchmarkItem {
  benchmark: BenchmarkName;
  /** Unique in the benchmark and the same in every release of its files, e.g. `Adaptation/validation_Art_1`. */
  id: string;
  /**
   * What the benchmark reports apart, by dimension, e.g. `{ task: "object_counting" }` or `{ duration: "short", domain: … }`.
   * `task` is what `tasks` chooses by.
   */
  groups: Readonly<Record<string, string>>;
  /** Without options and instructions. */
  question: string;
  /** Texts without letters, in the order of the letters; empty unless one of them is to be chosen. */
  options: readonly string[];
  answerType: AnswerType;
  /** The type of its record in Video-R1's form, which decides that prompt's last sentence and that score. */
  problemType: ProblemType;
  /** The letter of a choice; the official file's text otherwise, e.g. `yes`. */
  gold: string;
  /** Decimals that a number is compared to. */
  precision?: number;
  /** Groups of a dimension in which one item is in several, e.g. MathVista's skills. */
  overlappingGroups?: Readonly<Record<string, readonly string[]>>;
  /** Paths are relative to the folder of the benchmark's media. */
  media: readonly MediaItem[];
  /** The file of its subtitles, in the same folder; absent where there is none or they were not asked for. */
  subtitles?: string;
  /**
   * The official record under its own field names, and what its place in the files says: `track` (VideoMMMU), `task` (MVBench,
   * TempCompass), `video_id`, `aspect`, `fine_aspect` (TempCompass). Bytes of images are left out. Absent where the record is
   * Video-R1's. Whatever is the harness's own (option texts with letters, a gold as text, a float precision) is read here.
   */
  extra?: Readonly<Record<string, unknown>>;
}

/** `"number"` is scored by its closeness, `"integer"` and `"float"` by equality; `"caption"` is a text that a judge reads. */
export type AnswerType = "choice" | "yes-no" | "number" | "integer" | "float" | "list" | "text" | "caption";

/** The letter of the option at an index, from A. */
export const letterAt = (index: number): string => String.fromCharCode(65 + index);

/** Options as Video-R1's records and most prompts list them: `A. a red kettle`. */
export const letteredOptions = (options: readonly string[]): string[] =>
  options.map((option, i) => `${letterAt(i)}. ${option}`);

/** The letter of the right option; of a yes-no question, whose options are yes and no, A or B. */
export const letterOf = ({ answerType, options, gold }: BenchmarkItem): string =>
  answerType === "yes-no" ? letterAt(options.indexOf(gold)) : gold;

/** The item as a record of Video-R1's, which its prompt, loader and scorer take. */
export function exampleOf(item: BenchmarkItem): Example {
  const { id, question, problemType, options, gold, media, groups, benchmark } = item;
  const [first] = media;
  if (first === undefined) throw new RangeError(`exampleOf: item ${id} of ${benchmark} has no media`);
  const example: Example = {
    problemId: id,
    problem: question,
    problemType,
    dataType: media.some(({ kind }) => kind === "video") ? "video" : "image",
    options: problemType === "multiple choice" ? letteredOptions(options) : [],
    solution: `<answer>${problemType === "multiple choice" ? letterOf(item) : gold}</answer>`,
    path: [first.path].flat()[0]!,
    dataSource: benchmark,
    ...(groups.task !== undefined && { originalQuestionType: groups.task }),
  };
  const saysMore = JSON.stringify(mediaOf(example)) !== JSON.stringify(media);
  return saysMore ? { ...example, media } : example;
}
