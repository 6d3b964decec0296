import { z } from "zod";
import type { Benchmark } from "../benchmark.ts";
import { tableFile } from "../official-file.ts";
import { indexOfLetter, withoutLetters } from "../options.ts";
import { publishedScores } from "../published.ts";
import { noOption, recordReader } from "../record-reader.ts";
import { vsiBenchPrompts } from "./vsi-bench/prompts.ts";

const Record = z.object({
  id: z.int(),
  dataset: z.string().min(1),
  scene_name: z.string().min(1),
  question_type: z.string().min(1),
  question: z.string(),
  ground_truth: z.union([z.string().min(1), z.number()]).transform(String),
  options: z.array(z.string()).nullish(),
});

/**
 * Spatial reasoning over indoor scenes: multiple choice, and numbers scored by mean relative accuracy.
 *
 * Its one number in the paper is (mean accuracy + mean relative accuracy) / 2; the official score is a mean over tasks.
 *
 * @see tulerfeng/Video-R1 issue #121
 */
export const vsiBench: Benchmark = {
  name: "vsi-bench",
  title: "VSI-Bench",
  recordsFile: "eval_vsibench.json",
  metric: "accuracy and mra",
  published: publishedScores("vsi-bench"),
  source: {
    dataset: "nyu-visionx/VSI-Bench",
    repository: "vision-x-nyu/thinking-in-space",
    revision: "51e089c",
    licence: "Apache-2.0",
  },
  files: [tableFile("test.jsonl", "test-00000-of-00001.parquet")],
  expected: {
    total: 5130,
    media: 288,
    groups: {
      task: {
        object_counting: 565,
        object_abs_distance: 834,
        object_size_estimation: 953,
        room_size_estimation: 288,
        object_rel_distance: 710,
        object_rel_direction_easy: 217,
        object_rel_direction_medium: 378,
        object_rel_direction_hard: 373,
        route_planning: 194,
        obj_appearance_order: 618,
      },
    },
    origin: "stated",
  },
  headline: {
    label: "mean of 8 tasks",
    over: "task",
    merged: { object_rel_direction: ["easy", "medium", "hard"].map((level) => `object_rel_direction_${level}`) },
  },
  prompts: vsiBenchPrompts,
  readRecord: recordReader(Record, ({ id, dataset, scene_name, question_type, question, ground_truth, options }) => {
    const texts = withoutLetters(options ?? []);
    const isChoice = texts.length > 0;
    if (isChoice && indexOfLetter(ground_truth, texts) < 0) return noOption("ground_truth", ground_truth, texts);
    return {
      id: String(id),
      groups: { task: question_type, dataset },
      question,
      options: texts,
      answerType: isChoice ? "choice" : "number",
      problemType: isChoice ? "multiple choice" : "regression",
      gold: ground_truth,
      media: [{ kind: "video", path: `${dataset}/${scene_name}.mp4` }],
    };
  }),
};
