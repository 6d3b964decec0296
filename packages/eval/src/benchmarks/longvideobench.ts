import { z } from "zod";
import type { Benchmark } from "../benchmark.ts";
import { letterAt } from "../item.ts";
import { tableFile } from "../official-file.ts";
import { publishedScores } from "../published.ts";
import { noOption, recordReader } from "../record-reader.ts";
import { longVideoBenchPrompts } from "./longvideobench/prompts.ts";

const Record = z.object({
  id: z.string().min(1),
  video_path: z.string().min(1),
  subtitle_path: z.string().nullish(),
  /** Below 0, or missing, in the test split. */
  correct_choice: z.int().nullish(),
  question: z.string(),
  /** The JSON has these … */
  candidates: z.array(z.string()).min(2).nullish(),
  /** … and the data set's table these, filled up with N/A. */
  option0: z.string().nullish(),
  option1: z.string().nullish(),
  option2: z.string().nullish(),
  option3: z.string().nullish(),
  option4: z.string().nullish(),
  duration_group: z.int(),
  question_category: z.string().min(1),
  topic_category: z.string().min(1),
});

/** Referring questions on videos of up to an hour, with their subtitles. */
export const longVideoBench: Benchmark = {
  name: "longvideobench",
  title: "LongVideoBench (validation)",
  recordsFile: undefined,
  metric: "accuracy",
  published: publishedScores("longvideobench"),
  source: {
    dataset: "longvideobench/LongVideoBench",
    repository: "longvideobench/LongVideoBench",
    revision: "fc3c553",
    licence: "CC BY-NC-SA 4.0",
    gated: true,
  },
  files: [tableFile("lvb_val.json", "validation-00000-of-00001.parquet", "lvb_test_wo_gt.json")],
  expected: {
    total: 1337,
    groups: {
      duration: { "15": null, "60": null, "600": null, "3600": null },
      task: {
        S2E: null,
        S2O: null,
        S2A: null,
        E2O: null,
        O2E: null,
        T2E: null,
        T2O: null,
        T2A: null,
        E3E: null,
        O3O: null,
        SSS: null,
        SOS: null,
        SAA: null,
        T3E: null,
        T3O: null,
        TOS: null,
        TAA: null,
      },
    },
    origin: "stated",
  },
  subtitlesOf: ({ extra }) => extra && `subtitles/${extra.subtitle_path}`,
  headline: { label: "accuracy", over: "items" },
  prompts: longVideoBenchPrompts,
  readRecord: recordReader(Record, (record) => {
    const { id, video_path, correct_choice, question, duration_group, question_category, topic_category } = record;
    const { candidates, option0, option1, option2, option3, option4 } = record;
    const padded = [option0, option1, option2, option3, option4].map((option) => option ?? "N/A");
    const options = candidates ?? padded.filter((option) => option !== "N/A");
    if (correct_choice == null || correct_choice < 0)
      return { field: "correct_choice", message: "the answers of the test split are hidden; take lvb_val.json" };
    if (options[correct_choice] === undefined) return noOption("correct_choice", correct_choice, options);
    return {
      id,
      groups: { task: question_category, duration: String(duration_group), topic: topic_category },
      question,
      options,
      answerType: "choice",
      problemType: "multiple choice",
      gold: letterAt(correct_choice),
      media: [{ kind: "video", path: `videos/${video_path}` }],
    };
  }),
};
