import { type BenchmarkItem, letterAt } from "../../item.ts";
import { roundTo } from "../python/number-text.ts";
import type { BenchmarkScorer, Reading } from "../scorer.ts";
import { isOpenAnswerRight, parseOpenResponse } from "../shared/mmmu-open.ts";
import { parseVideoMmmuChoice } from "../shared/video-mmmu-choice.ts";
import { appendTo } from "./append-to.ts";

const domains: Readonly<Record<string, readonly string[]>> = {
  "Art and Design": ["Art", "Art_Theory", "Design", "Music"],
  Business: ["Accounting", "Economics", "Finance", "Manage", "Marketing"],
  Science: ["Biology", "Chemistry", "Geography", "Math", "Physics"],
  "Health and Medicine": [
    "Basic_Medical_Science",
    "Clinical_Medicine",
    "Diagnostics_and_Laboratory_Medicine",
    "Pharmacy",
    "Public_Health",
  ],
  "Humanities and Social Science": ["History", "Literature", "Sociology", "Psychology"],
  "Tech and Engineering": [
    "Agriculture",
    "Architecture_and_Engineering",
    "Computer_Science",
    "Electronics",
    "Energy_and_Power",
    "Materials",
    "Mechanical_Engineering",
  ],
};

/**
 * Which items are read as choices: `"hub"`, as its data set says, all of Perception and Comprehension too; `"repository"`, as
 * the repository's JSON says, which gives those no type, so that its own code takes them for open questions.
 */
export type QuestionTypes = "hub" | "repository";

/**
 * VideoMMMU by MMMU's parsers. An output that is empty, or `API Error`, leaves the denominator.
 *
 * @see EvolvingLMMs-Lab/VideoMMMU@88b4ac3 lmms_eval/tasks/videommmu/utils.py
 */
export function createVideoMmmu(questionTypes: QuestionTypes): BenchmarkScorer {
  return { read: (item, output) => read(item, output, questionTypes), aggregate };
}

export const videoMmmu = createVideoMmmu("hub");

function read(item: BenchmarkItem, output: string, questionTypes: QuestionTypes): Reading {
  const { extra, gold } = item;
  if (isChoice(item, questionTypes)) {
    const options = (extra?.options ?? item.options) as readonly string[];
    const extracted = parseVideoMmmuChoice(
      output,
      options.map((_, i) => letterAt(i)),
      options,
    );
    return extracted === undefined ? apiError : { score: extracted === gold ? 1 : 0, extracted };
  }
  const extracted = parseOpenResponse(output);
  if (extracted === undefined) return apiError;
  const truth = (extra?.answer ?? gold) as string | readonly string[];
  return { score: isOpenAnswerRight(truth, extracted) ? 1 : 0, extracted };
}

const apiError: Reading = { score: null, extracted: "API Error", status: "dropped" };

function isChoice(item: BenchmarkItem, questionTypes: QuestionTypes): boolean {
  const { extra, options } = item;
  if (typeof extra?.question_type === "string") return extra.question_type === "multiple-choice";
  if (questionTypes === "repository") return false;
  return extra === undefined || trackOf(item) !== "Adaptation" ? options.length > 0 : false;
}

/** Perception, Comprehension or Adaptation. */
const trackOf = ({ id }: BenchmarkItem): string => id.split("/")[0]!;

/** `validation_Art_Theory_12` is of Art_Theory. */
const subjectOf = ({ id }: BenchmarkItem): string => /^[^_]*_(.+?)_\d+$/.exec(id.split("/").at(-1)!)?.[1] ?? "";

/** Accuracy of each track and its table by domain and subject, with five decimals. */
function aggregate(items: readonly BenchmarkItem[], readings: readonly Reading[]): Record<string, unknown> {
  const tracks = new Set(items.map(trackOf));
  return Object.fromEntries([...tracks].map((track) => [track, trackResults(track)]));

  function trackResults(track: string): Record<string, unknown> {
    const subjects = new Map<string, number[]>();
    for (const [i, item] of items.entries()) {
      const { score } = readings[i]!;
      if (trackOf(item) !== track || score === null) continue;
      appendTo(subjects, subjectOf(item), score);
    }
    const table: Record<string, Share> = {};
    for (const [domain, names] of Object.entries(domains)) {
      const present = names.filter((name) => subjects.has(name));
      table[`Overall-${domain}`] = pooled(present.map((name) => subjects.get(name)!));
      for (const name of present) table[name] = pooled([subjects.get(name)!]);
    }
    table.Overall = pooled([...subjects.values()]);
    return { overall: table.Overall.acc, table };
  }
}

interface Share {
  num: number;
  acc: number;
}

/** Subjects' accuracies weighed by their number of items, as the code computes them. */
function pooled(subjects: readonly (readonly number[])[]): Share {
  const num = subjects.reduce((sum, { length }) => sum + length, 0);
  const weighed = subjects.reduce((sum, scores) => sum + (sumOf(scores) / scores.length) * scores.length, 0);
  return { num, acc: num === 0 ? 0 : roundTo(weighed / num, 5) };
}

const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);
