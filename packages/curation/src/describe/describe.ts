import type { MediaItem } from "@videor1/data";
import { type Bucket, bucketOf, buckets } from "../buckets.ts";
import { mediaKey } from "../lint/lint-record.ts";
import { readOption } from "../lint/option.ts";
import { plainText, textKey } from "../lint/text-key.ts";
import { optionLetter } from "../option-letter.ts";
import { type Distribution, gather } from "./distribution.ts";

/** A name and how many records have it. */
export interface Count {
  name: string;
  records: number;
}

/** What a data set consists of. */
export interface Description {
  /** Valid records; all counts sum to it, unless they say otherwise. */
  records: number;
  types: Count[];
  modalities: Count[];
  buckets: (Count & { name: Bucket; sources: Count[] })[];
  /** Of multiple choice records: how many options, and which letter is right. */
  options: Count[];
  letters: Count[];
  /** In characters and in words; undefined where no record has any. */
  lengths: Record<LengthName, Distribution | undefined>;
  media: {
    /** Different media, and records of the one that most have. */
    different: number;
    mostRecords: number;
    /** Images and videos of records with several. */
    several: number;
  };
  /** Records whose problem_id, or whose question, media and gold, an earlier one has. */
  doubled: { ids: number; questions: number };
}

export type LengthName =
  | "question characters"
  | "question words"
  | "answer characters"
  | "answer words"
  | "thought characters"
  | "thought words";

export interface DescribedRecord {
  problemId: number | string;
  problem: string;
  problemType: string;
  dataType: "image" | "video";
  options: readonly string[];
  process?: string;
  /** The gold, without tags. */
  answer: string;
  path: string;
  media: readonly MediaItem[];
  dataSource: string;
}

/** Gathers what a data set consists of, record by record; of a record a few numbers are held. */
export function createDescriber() {
  const [types, modalities, options, letters] = [counter(), counter(), counter(), counter()];
  const sources = new Map<Bucket, ReturnType<typeof counter>>();
  const lengths = Object.fromEntries(lengthNames.map((name) => [name, gather()])) as Record<
    LengthName,
    ReturnType<typeof gather>
  >;
  const measure = (name: "question" | "answer" | "thought", text: string) => {
    lengths[`${name} characters`].add(text.length);
    lengths[`${name} words`].add(countWords(text));
  };
  const media = new Map<number, number>();
  const asked = new Set<number>();
  const ids = new Set<number | string>();
  const doubled = { ids: 0, questions: 0 };
  let [records, several] = [0, 0];
  return {
    add(record: DescribedRecord): void {
      const { problemId, problem, problemType, dataType, answer, process } = record;
      records += 1;
      types.add(problemType);
      modalities.add(dataType);
      const bucket = bucketOf(record);
      const ofBucket = sources.get(bucket) ?? counter();
      sources.set(bucket, ofBucket);
      ofBucket.add(record.dataSource);
      if (problemType === "multiple choice") {
        options.add(String(record.options.length));
        const at = record.options.findIndex((option, i) => (readOption(option).letter ?? optionLetter(i)) === answer);
        letters.add(at < 0 ? "other" : optionLetter(at));
      }
      measure("question", problem);
      measure("answer", answer);
      if (process) measure("thought", process.replaceAll(/<\/?think>/g, "").trim());
      const paths = mediaKey(record.media);
      const key = textKey(paths);
      media.set(key, (media.get(key) ?? 0) + 1);
      if (record.media.length > 1) several += 1;
      const question = textKey(`${plainText(problem)}\n${record.options.join("\n")}\n${plainText(answer)}\n${paths}`);
      if (asked.has(question)) doubled.questions += 1;
      asked.add(question);
      const id = String(Number(problemId)) === problemId ? Number(problemId) : problemId;
      if (ids.has(id)) doubled.ids += 1;
      ids.add(id);
    },
    finish: (): Description => ({
      records,
      types: types.finish(),
      modalities: modalities.finish(),
      buckets: [...buckets.map(({ name }): Bucket => name), "Other" as const].flatMap((name) => {
        const own = sources.get(name)?.finish() ?? [];
        return own.length > 0
          ? [{ name, records: own.reduce((sum, { records }) => sum + records, 0), sources: own }]
          : [];
      }),
      options: options.finish().sort((a, b) => Number(a.name) - Number(b.name)),
      letters: letters.finish().sort((a, b) => (a.name < b.name ? -1 : 1)),
      lengths: Object.fromEntries(lengthNames.map((name) => [name, lengths[name].finish()])) as Description["lengths"],
      media: { different: media.size, mostRecords: [...media.values()].reduce((a, b) => Math.max(a, b), 0), several },
      doubled: { ...doubled },
    }),
  };
}

const lengthNames: readonly LengthName[] = [
  "question characters",
  "question words",
  "answer characters",
  "answer words",
  "thought characters",
  "thought words",
];

const countWords = (text: string): number => text.match(/\S+/g)?.length ?? 0;

/** Counts of names, those with the most records first. */
function counter() {
  const counts = new Map<string, number>();
  return {
    add: (name: string): void => void counts.set(name, (counts.get(name) ?? 0) + 1),
    finish: (): Count[] =>
      [...counts]
        .map(([name, records]) => ({ name, records }))
        .sort((a, b) => b.records - a.records || (a.name < b.name ? -1 : 1)),
  };
}
