import { z } from "zod";
import type { Benchmark } from "../benchmark.ts";
import { letterAt } from "../item.ts";
import { tableFile } from "../official-file.ts";
import { withoutLetters } from "../options.ts";
import { publishedScores } from "../published.ts";
import { noOption, recordReader } from "../record-reader.ts";
import { egoschemaPrompts } from "./egoschema/prompts.ts";

const Record = z.object({
  question_idx: z.string().min(1),
  question: z.string(),
  video_idx: z.string().min(1),
  option: z.array(z.string()).min(2),
  answer: z.string().nullish(),
});

/** What the wearer of a camera does in three minutes; the public subset, since all other answers are hidden. */
export const egoschema: Benchmark = {
  name: "egoschema",
  title: "EgoSchema (subset)",
  recordsFile: undefined,
  metric: "accuracy",
  published: publishedScores("egoschema"),
  source: {
    dataset: "lmms-eval/egoschema",
    repository: "egoschema/EgoSchema",
    revision: "505c787",
    licence: "not verified",
  },
  // The full set is named last so that it is told why it is of no use.
  files: [
    tableFile(
      "Subset/test-00000-of-00001.parquet",
      "MC/test-00000-of-00001.parquet",
      "GENERATION/test-00000-of-00001.parquet",
    ),
  ],
  expected: {
    total: 500,
    groups: {
      gold: { A: 101, B: 108, C: 91, D: 83, E: 117 },
    },
    origin: "counted",
  },
  headline: { label: "accuracy", over: "items" },
  prompts: egoschemaPrompts,
  readRecord: recordReader(Record, ({ question_idx, question, video_idx, option, answer }) => {
    const options = withoutLetters(option);
    if (!answer) {
      const message = "the answers of the full set are hidden; take the configuration Subset, or submit the answers";
      return { field: "answer", message };
    }
    const right = /^\d+$/.test(answer) ? Number(answer) : -1;
    if (options[right] === undefined) return noOption("answer", answer, options);
    return {
      id: question_idx,
      groups: {},
      question,
      options,
      answerType: "choice",
      problemType: "multiple choice",
      gold: letterAt(right),
      media: [{ kind: "video", path: `videos/${video_idx}.mp4` }],
    };
  }),
};
