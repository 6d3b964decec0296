import { z } from "zod";
import type { Benchmark } from "../benchmark.ts";
import { letterAt } from "../item.ts";
import { tableFile } from "../official-file.ts";
import { indexOfLetter } from "../options.ts";
import { publishedScores } from "../published.ts";
import { noOption, recordReader } from "../record-reader.ts";
import { videoHolmesPrompts } from "./video-holmes/prompts.ts";

const Record = z.object({
  "video ID": z.string().min(1),
  "Question ID": z.union([z.int(), z.string().min(1)]),
  "Question Type": z.string().min(1),
  Question: z.string(),
  Options: z.record(z.string(), z.string()),
  Answer: z.string(),
});

/** Clues that are spread over short suspense films. */
export const videoHolmes: Benchmark = {
  name: "video-holmes",
  title: "Video-Holmes",
  recordsFile: undefined,
  metric: "accuracy",
  published: publishedScores("video-holmes"),
  source: {
    dataset: "TencentARC/Video-Holmes",
    repository: "TencentARC/Video-Holmes",
    revision: "52ef8da",
    licence: "Apache-2.0, academic use",
  },
  files: [tableFile("test_Video-Holmes.json")],
  expected: {
    total: 1837,
    media: 270,
    groups: {
      task: { SR: null, IMC: null, TCI: null, TA: null, MHR: null, PAR: null, CTI: null },
    },
    origin: "stated",
  },
  headline: { label: "accuracy", over: "items" },
  prompts: videoHolmesPrompts,
  readRecord: recordReader(Record, (record) => {
    const options = Object.values(record.Options);
    const misplaced = Object.keys(record.Options).find((letter, i) => letter !== letterAt(i));
    if (misplaced !== undefined) return { field: "Options", message: `the letter "${misplaced}" is out of its order` };
    if (indexOfLetter(record.Answer, options) < 0) return noOption("Answer", record.Answer, options);
    return {
      id: String(record["Question ID"]),
      groups: { task: record["Question Type"] },
      question: record.Question,
      options,
      answerType: "choice",
      problemType: "multiple choice",
      gold: record.Answer,
      media: [{ kind: "video", path: `videos_cropped/${record["video ID"]}.mp4` }],
    };
  }),
};
