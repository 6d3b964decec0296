import { type BenchmarkItem, letterAt } from "../../item.ts";

/**
 * Whether a VideoMMMU item goes to the parser of choices: by its type in the data set. The repository's JSON has none in
 * Perception and Comprehension, where all are choices; the one untyped item of Adaptation is read as open.
 */
export function isVideoMmmuChoice({ extra, groups, options }: BenchmarkItem): boolean {
  const type = extra?.question_type;
  if (type === undefined || type === null) return options.length > 0 && (!extra || groups.task !== "Adaptation");
  return type === "multiple-choice";
}

/** The letters of an item's options. */
export const lettersOf = ({ options }: BenchmarkItem): string[] => options.map((_, i) => letterAt(i));

/** The texts of the options as the official record has them, with letters if it has. */
export const officialOptions = ({ extra, options }: BenchmarkItem): readonly string[] =>
  Array.isArray(extra?.options) ? extra.options.map(String) : options;
