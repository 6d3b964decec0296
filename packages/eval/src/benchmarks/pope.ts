import { z } from "zod";
import type { Benchmark } from "../benchmark.ts";
import { tableFile } from "../official-file.ts";
import { publishedScores } from "../published.ts";
import { recordReader } from "../record-reader.ts";
import { popePrompts } from "./pope/prompts.ts";

const Record = z.object({
  id: z.string().min(1),
  question_id: z.string().min(1),
  question: z.string(),
  answer: z.enum(["yes", "no"]),
  image_source: z.string().min(1),
  /** Where the image of the table was put; null where the table has none. */
  image: z.string().nullish(),
  category: z.enum(["random", "popular", "adversarial"]),
});

/** Is a named object in the photograph? Half of the answers is no. */
export const pope: Benchmark = {
  name: "pope",
  title: "POPE",
  recordsFile: undefined,
  metric: "accuracy",
  published: publishedScores("pope"),
  source: {
    dataset: "lmms-lab/POPE",
    repository: "AoiDragon/POPE",
    revision: "08d957b",
    licence: "MIT (the repository)",
  },
  files: [tableFile("data/test.parquet")],
  expected: {
    total: 9000,
    groups: {
      "task/gold": {
        "random/yes": 1500,
        "random/no": 1500,
        "popular/yes": 1500,
        "popular/no": 1500,
        "adversarial/yes": 1500,
        "adversarial/no": 1500,
      },
    },
    origin: "counted",
  },
  otherMedia: ({ extra }) => [{ kind: "image", path: `val2014/${extra?.image_source}.jpg` }],
  headline: { label: "accuracy", over: "items" },
  prompts: popePrompts,
  readRecord: recordReader(Record, ({ id, question, answer, image_source, image, category }) => ({
    id,
    groups: { task: category },
    question,
    options: ["yes", "no"],
    answerType: "yes-no",
    problemType: "multiple choice",
    gold: answer,
    media: [{ kind: "image", path: image ?? `${image_source}.jpg` }],
  })),
};
