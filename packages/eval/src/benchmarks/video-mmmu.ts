import { z } from "zod";
import type { Benchmark } from "../benchmark.ts";
import { entriesOf, isRecord, type OfficialFile, tableRows } from "../official-file.ts";
import { indexOfLetter, isDecimal, withoutLetters } from "../options.ts";
import { publishedScores } from "../published.ts";
import { noOption, recordReader } from "../record-reader.ts";

const Record = z.object({
  id: z.string().regex(/^[^_]+_.+_[^_]+$/, "must be split_subject_number"),
  question: z.string(),
  options: z.array(z.string()),
  answer: z.string(),
  question_type: z.string().nullish(),
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
    licence: "not stated",
    gated: true,
  },
  files: ["Perception", "Comprehension", "Adaptation"].map(track),
  readRecord: recordReader(Record, ({ id, question, options, answer }, facts) => {
    const subject = id.split("_").slice(1, -1).join("_");
    const [discipline] = Object.entries(disciplines).find(([, subjects]) => subjects.includes(subject)) ?? [];
    if (discipline === undefined) return { field: "id", message: `"${subject}" is none of the subjects` };
    const texts = withoutLetters(options);
    const isChoice = texts.length > 0; // also the one untyped item, and two tracks that carry no type
    if (isChoice && indexOfLetter(answer, texts) < 0) return noOption("answer", answer, texts);
    return {
      id: `${facts.track}/${id}`,
      groups: { task: String(facts.track), discipline, subject },
      question,
      options: texts,
      answerType: isChoice ? "choice" : "text",
      problemType: isChoice ? "multiple choice" : isDecimal(answer) ? "numerical" : "free-form",
      gold: answer,
      media: [{ kind: "video", path: `${discipline}/${id}.mp4` }],
    };
  }),
};
