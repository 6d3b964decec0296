import { z } from "zod";
import type { Benchmark } from "../benchmark.ts";
import { tableFile } from "../official-file.ts";
import { indexOfLetter, withoutLetters } from "../options.ts";
import { publishedScores } from "../published.ts";
import { noOption, recordReader } from "../record-reader.ts";
import { videoMmePrompts } from "./video-mme/prompts.ts";

const Record = z.object({
  duration: z.enum(["short", "medium", "long"]),
  domain: z.string().min(1),
  sub_category: z.string().min(1),
  videoID: z.string().min(1),
  question_id: z.string().min(1),
  task_type: z.string().min(1),
  question: z.string(),
  options: z.array(z.string()).min(2),
  answer: z.string(),
});

/** Multiple choice on videos of eleven seconds to an hour. */
export const videoMme: Benchmark = {
  name: "video-mme",
  title: "VideoMME (without subtitles)",
  recordsFile: "eval_videomme.json",
  metric: "accuracy",
  published: publishedScores("video-mme"),
  source: {
    dataset: "lmms-lab/Video-MME",
    repository: "MME-Benchmarks/Video-MME",
    revision: "06c2315",
    licence: "research use only",
  },
  files: [tableFile("videomme/test-00000-of-00001.parquet")],
  expected: {
    total: 2700,
    media: 900,
    groups: {
      duration: { short: 900, medium: 900, long: 900 },
      domain: {
        Knowledge: null,
        "Film & Television": null,
        "Sports Competition": null,
        "Artistic Performance": null,
        "Life Record": null,
        Multilingual: null,
      },
      subCategory: {
        "Humanity & History": null,
        "Literature & Art": null,
        "Biology & Medicine": null,
        "Finance & Commerce": null,
        Astronomy: null,
        Geography: null,
        Law: null,
        "Life Tip": null,
        Technology: null,
        Animation: null,
        "Movie & TV Show": null,
        Documentary: null,
        "News Report": null,
        Esports: null,
        Basketball: null,
        Football: null,
        Athletics: null,
        "Other Sports": null,
        "Stage Play": null,
        "Magic Show": null,
        "Variety Show": null,
        Acrobatics: null,
        Handicraft: null,
        Food: null,
        Fashion: null,
        "Daily Life": null,
        Travel: null,
        "Pet & Animal": null,
        Exercise: null,
        Multilingual: null,
      },
      task: {
        "Temporal Perception": null,
        "Spatial Perception": null,
        "Attribute Perception": null,
        "Action Recognition": null,
        "Object Recognition": null,
        "OCR Problems": null,
        "Counting Problem": null,
        "Temporal Reasoning": null,
        "Spatial Reasoning": null,
        "Action Reasoning": null,
        "Object Reasoning": null,
        "Information Synopsis": null,
      },
    },
    origin: "stated",
  },
  otherMedia: ({ extra }) => [{ kind: "video", path: `video/${extra?.videoID}.mp4` }],
  subtitlesOf: ({ extra }) => extra && `subtitle/${extra.videoID}.srt`,
  headline: { label: "accuracy", over: "items" },
  prompts: videoMmePrompts,
  readRecord: recordReader(Record, (record) => {
    const { duration, domain, sub_category, videoID, question_id, task_type, question, answer } = record;
    const options = withoutLetters(record.options);
    if (indexOfLetter(answer, options) < 0) return noOption("answer", answer, options);
    return {
      id: question_id,
      groups: { task: task_type, duration, domain, subCategory: sub_category },
      question,
      options,
      answerType: "choice",
      problemType: "multiple choice",
      gold: answer,
      media: [{ kind: "video", path: `data/${videoID}.mp4` }],
    };
  }),
};
