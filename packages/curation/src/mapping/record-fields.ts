import { choiceFields } from "./known-columns.ts";

/** Fields that mean something in a record, in the order in which they are written. */
export const recordFields: readonly string[] = [
  "problem_id",
  "problem",
  "data_type",
  "problem_type",
  "options",
  "process",
  "solution",
  "path",
  "images",
  "videos",
  "data_source",
  "original_question_type",
  "video_start",
  "video_end",
  ...choiceFields,
];
