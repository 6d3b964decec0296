import { z } from "zod";
import type { Benchmark } from "../benchmark.ts";
import type { AnswerType } from "../item.ts";
import { letterAt } from "../item.ts";
import { entriesOf, tableRows } from "../official-file.ts";
import { publishedScores } from "../published.ts";
import { noOption, recordReader } from "../record-reader.ts";
import { mathvistaPrompts } from "./mathvista/prompts.ts";

const Record = z.object({
  pid: z.string().min(1),
  question: z.string(),
  image: z.string().min(1),
  /** Where the image of the table was put, unless the file above is there. */
  decoded_image: z.string().nullish(),
  choices: z.array(z.string()).nullish(),
  unit: z.string().nullish(),
  /** 1 in the repository's file, 1.0 in the data set's table, null unless the answer is a float. */
  precision: z.number().nullish(),
  answer: z.string().min(1, "the answers of the split test are hidden; take testmini"),
  question_type: z.enum(["multi_choice", "free_form"]),
  answer_type: z.enum(["text", "integer", "float", "list"]),
  metadata: z.object({
    category: z.string(),
    context: z.string(),
    grade: z.string(),
    language: z.string(),
    skills: z.array(z.string()),
    source: z.string(),
    task: z.string(),
  }),
});

/** Mathematics in pictures: choices, whole numbers, decimals and lists. */
export const mathvista: Benchmark = {
  name: "mathvista",
  title: "MathVista (testmini)",
  recordsFile: undefined,
  metric: "accuracy",
  published: publishedScores("mathvista"),
  source: {
    dataset: "AI4Math/MathVista",
    repository: "lupantech/MathVista",
    revision: "53d5258",
    licence: "CC BY-SA 4.0",
  },
  files: [
    {
      names: ["data/testmini.json", "data/testmini-00000-of-00001.parquet", "data/test.json"],
      rows: (content) =>
        Array.isArray(content)
          ? tableRows(content)
          : entriesOf(content).map(([at, record]) => ({ record, at, facts: {} })),
    },
  ],
  expected: {
    total: 1000,
    groups: {
      questionType: { multi_choice: 540, free_form: 460 },
      answerType: { text: 540, integer: 418, float: 40, list: 2 },
      language: { english: 936, chinese: 62, persian: 2 },
      task: {
        "figure question answering": 269,
        "geometry problem solving": 208,
        "math word problem": 186,
        "visual question answering": 179,
        "textbook question answering": 158,
      },
      category: { "math-targeted-vqa": 540, "general-vqa": 460 },
      grade: { "not applicable": 381, "high school": 306, "elementary school": 201, college: 112 },
    },
    origin: "counted",
  },
  otherMedia: ({ extra }) =>
    [`data/${extra?.image}`, extra?.decoded_image].flatMap((path) =>
      typeof path === "string" ? [{ kind: "image", path }] : [],
    ),
  headline: { label: "accuracy", over: "items" },
  prompts: mathvistaPrompts,
  readRecord: recordReader(Record, (record) => {
    const { pid, question, image, answer, precision, question_type, answer_type, metadata } = record;
    const { task, category, context, grade, language, source, skills } = metadata;
    const options = question_type === "multi_choice" ? (record.choices ?? []) : [];
    const right = options.indexOf(answer);
    if (question_type === "multi_choice" && right < 0) return noOption("answer", answer, options);
    const isChoice = right >= 0;
    const answerType: AnswerType = isChoice || answer_type === "text" ? "choice" : answer_type;
    if (answerType === "choice" && !isChoice) return { field: "answer_type", message: "a text needs choices" };
    return {
      id: pid,
      groups: {
        task,
        category,
        context,
        grade,
        language,
        source,
        questionType: question_type,
        answerType: answer_type,
      },
      overlappingGroups: { skills },
      question,
      options,
      answerType,
      problemType: isChoice ? "multiple choice" : answerType === "list" ? "free-form" : "numerical",
      gold: isChoice ? letterAt(right) : answer,
      ...(answer_type === "float" && precision != null && { precision }),
      media: [{ kind: "image", path: image }],
    };
  }),
};
