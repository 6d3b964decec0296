import { z } from "zod";
import type { Benchmark } from "../benchmark.ts";
import { tableFile } from "../official-file.ts";
import { indexOfLetter, isDecimal } from "../options.ts";
import { publishedScores } from "../published.ts";
import { noOption, recordReader } from "../record-reader.ts";
import { mmvuPrompts } from "./mmvu/prompts.ts";

const Record = z.object({
  id: z.string().min(1),
  video: z.string().regex(/\/videos\/[^/]+\/[^/]+$/, "must end in /videos/{Subject}/{n}.mp4"),
  question_type: z.enum(["multiple-choice", "open-ended"]),
  metadata: z.object({ subject: z.string().min(1) }),
  question: z.string(),
  choices: z.object({ A: z.string(), B: z.string(), C: z.string(), D: z.string(), E: z.string() }),
  answer: z.string().min(1),
});

const disciplines: Readonly<Record<string, readonly string[]>> = {
  Science: [
    "Biology",
    "Chemistry",
    "Modern Physics",
    "Astronomy",
    "Geography",
    "Materials Science",
    "Neurobiology",
    "Electromagnetism",
    "Thermodynamics",
    "Mechanics",
  ],
  Engineering: [
    "Civil Engineering",
    "Electrical Engineering",
    "Mechanical Engineering",
    "Biomedical Engineering",
    "Electronics and Communication",
    "Computer Science",
  ],
  Healthcare: ["Clinical Medicine", "Basic Medicine", "Preventive Medicine", "Pharmacy", "Dentistry"],
  "Humanities and Social Science": ["Art", "Literature", "History", "Law", "Economics", "Management"],
};

/** Expert knowledge over videos; as Video-R1, its multiple choice questions only. */
export const mmvu: Benchmark = {
  name: "mmvu",
  title: "MMVU (multiple choice)",
  recordsFile: "eval_mmvu.json",
  metric: "accuracy",
  published: publishedScores("mmvu"),
  source: {
    dataset: "yale-nlp/MMVU",
    repository: "yale-nlp/MMVU",
    revision: "4d54223",
    licence: "not verified",
  },
  files: [tableFile("data/validation.json", "validation.json", "data/validation-00000-of-00001.parquet")],
  expected: {
    total: 1000,
    media: 583,
    groups: {
      task: { "multiple-choice": 625, "open-ended": 375 },
      subject: {
        "Computer Science": 88,
        "Clinical Medicine": 66,
        "Biomedical Engineering": 61,
        Electromagnetism: 60,
        "Mechanical Engineering": 59,
        "Electronics and Communication": 54,
        Pharmacy: 47,
        "Electrical Engineering": 46,
        Neurobiology: 44,
        Mechanics: 44,
        "Civil Engineering": 40,
        "Basic Medicine": 37,
        Economics: 34,
        "Modern Physics": 34,
        Art: 27,
        Thermodynamics: 26,
        Literature: 26,
        Geography: 25,
        Chemistry: 24,
        Biology: 23,
        "Preventive Medicine": 23,
        "Materials Science": 22,
        Law: 22,
        Management: 22,
        Dentistry: 20,
        Astronomy: 16,
        History: 10,
      },
    },
    origin: "counted",
  },
  headline: { label: "accuracy", over: "items" },
  // The others need a judge; Video-R1 reports these alone.
  publishedOf: { dimension: "task", groups: ["multiple-choice"] },
  prompts: mmvuPrompts,
  readRecord: recordReader(Record, ({ id, video, question_type, metadata, question, choices, answer }) => {
    const isChoice = question_type === "multiple-choice";
    const options = isChoice ? Object.values(choices) : [];
    if (isChoice && indexOfLetter(answer, options) < 0) return noOption("answer", answer, options);
    const { subject } = metadata;
    const [discipline] = Object.entries(disciplines).find(([, subjects]) => subjects.includes(subject)) ?? [];
    if (discipline === undefined)
      return { field: "metadata.subject", message: `"${subject}" is none of the 27 subjects` };
    return {
      id,
      groups: { task: question_type, discipline, subject },
      question,
      options,
      answerType: isChoice ? "choice" : "text",
      problemType: isChoice ? "multiple choice" : isDecimal(answer) ? "numerical" : "free-form",
      gold: answer,
      media: [{ kind: "video", path: video.slice(video.lastIndexOf("/videos/") + 1) }],
    };
  }),
};
