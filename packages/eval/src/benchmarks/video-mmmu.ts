import { z } from "zod";
import type { Benchmark } from "../benchmark.ts";
import { entriesOf, isRecord, type OfficialFile, tableRows } from "../official-file.ts";
import { indexOfLetter, isDecimal, withoutLetters } from "../options.ts";
import { publishedScores } from "../published.ts";
import { noOption, recordReader } from "../record-reader.ts";
import { videoMmmuPrompts } from "./video-mmmu/prompts.ts";

const Record = z.object({
  id: z.string().regex(/^[^_]+_.+_[^_]+$/, "must be split_subject_number"),
  question: z.string(),
  options: z.array(z.string()),
  answer: z.string(),
  question_type: z.string().nullish(),
  /** Where the picture of the question was put; the data set's table alone has it. */
  image: z.string().nullish(),
});

/** Discipline, which is the folder of the clips, -> subjects. */
const disciplines: Readonly<Record<string, readonly string[]>> = {
  Art: ["Art", "Art_Theory", "Design", "Music"],
  Business: ["Accounting", "Economics", "Finance", "Manage", "Marketing"],
  Science: ["Biology", "Chemistry", "Geography", "Math", "Physics"],
  Medicine: [
    "Basic_Medical_Science",
    "Clinical_Medicine",
    "Diagnostics_and_Laboratory_Medicine",
    "Pharmacy",
    "Public_Health",
  ],
  Humanities: ["History", "Literature", "Sociology", "Psychology"],
  Engineering: [
    "Agriculture",
    "Architecture_and_Engineering",
    "Computer_Science",
    "Electronics",
    "Energy_and_Power",
    "Materials",
    "Mechanical_Engineering",
  ],
};

/** One track: the repository nests its records as `{"Adaptation": {"0": {…}}}`, the data set has a table of them. */
const track = (name: string): OfficialFile => ({
  names: [`data/${name.toLowerCase()}_video.json`, `${name}/test-00000-of-00001.parquet`],
  task: name,
  rows: (content) => {
    if (Array.isArray(content)) return tableRows(content, { track: name });
    const nested = isRecord(content) && name in content ? content[name] : content;
    return entriesOf(nested).map(([key, record]) => ({ record, at: `${name}/${key}`, facts: { track: name } }));
  },
});

/** Lectures, and questions on what they teach. */
export const videoMmmu: Benchmark = {
  name: "video-mmmu",
  title: "VideoMMMU",
  recordsFile: "eval_videommmu.json",
  metric: "accuracy",
  published: publishedScores("video-mmmu"),
  source: {
    dataset: "lmms-lab/VideoMMMU",
    repository: "EvolvingLMMs-Lab/VideoMMMU",
    revision: "88b4ac3",
    licence: "not verified",
    gated: true,
  },
  files: ["Perception", "Comprehension", "Adaptation"].map(track),
  expected: {
    total: 900,
    media: 300,
    groups: {
      task: { Adaptation: 300, Comprehension: 300, Perception: 300 },
      "task/questionType": {
        "Perception/choice": 300,
        "Comprehension/choice": 300,
        "Adaptation/choice": 280,
        "Adaptation/open": 20,
      },
      subject: {
        Accounting: 39,
        Agriculture: 12,
        Architecture_and_Engineering: 42,
        Art: 9,
        Art_Theory: 24,
        Basic_Medical_Science: 36,
        Biology: 18,
        Chemistry: 27,
        Clinical_Medicine: 21,
        Computer_Science: 57,
        Design: 12,
        Diagnostics_and_Laboratory_Medicine: 21,
        Economics: 21,
        Electronics: 60,
        Energy_and_Power: 60,
        Finance: 39,
        Geography: 24,
        History: 30,
        Literature: 21,
        Manage: 15,
        Marketing: 18,
        Materials: 48,
        Math: 30,
        Mechanical_Engineering: 60,
        Music: 18,
        Pharmacy: 27,
        Physics: 33,
        Psychology: 24,
        Public_Health: 24,
        Sociology: 30,
      },
    },
    origin: "counted",
  },
  headline: {
    label: "mean of 3 tracks",
    over: "task",
  },
  prompts: videoMmmuPrompts,
  readRecord: recordReader(Record, ({ id, question, options, answer }, facts) => {
    const subject = id.split("_").slice(1, -1).join("_");
    const [discipline] = Object.entries(disciplines).find(([, subjects]) => subjects.includes(subject)) ?? [];
    if (discipline === undefined) return { field: "id", message: `"${subject}" is none of the subjects` };
    const texts = withoutLetters(options);
    const isChoice = texts.length > 0; // also the one untyped item, and two tracks that carry no type
    if (isChoice && indexOfLetter(answer, texts) < 0) return noOption("answer", answer, texts);
    return {
      id: `${facts.track}/${id}`,
      groups: { task: String(facts.track), discipline, subject, questionType: isChoice ? "choice" : "open" },
      question,
      options: texts,
      answerType: isChoice ? "choice" : "text",
      problemType: isChoice ? "multiple choice" : isDecimal(answer) ? "numerical" : "free-form",
      gold: answer,
      media: [{ kind: "video", path: `${discipline}/${id}.mp4` }],
    };
  }),
};
