import { askedKey } from "../asked-key.ts";
import type { Check } from "../check.ts";
import { type LintRecord, mediaKey } from "../lint-record.ts";
import { plainText, textKey } from "../text-key.ts";

/** A question with its options, whatever their order, and its media. */
export const questionKey = (record: LintRecord): number => textKey(`${askedKey(record)}\n${mediaKey(record.media)}`);

/** What the gold says: of a choice the option's text. */
export const goldSaid = ({ gold, goldAt, choices }: LintRecord): string => choices[goldAt]?.plain || plainText(gold);

export const idDoubled: Check = {
  code: "ID_DOUBLED",
  level: "error",
  about: "have a problem_id that an earlier record has",
  remedy: "Give each its own: a resumed annotation, a ledger and a journal know a record by its id.",
  start() {
    const seen = new Set<number | string>();
    return {
      add({ id }) {
        if (id === undefined) return undefined;
        const key = String(Number(id)) === id ? Number(id) : id; // ids that are equal as texts are the same
        if (seen.has(key)) return `${id}`;
        seen.add(key);
        return undefined;
      },
    };
  },
};

interface Asked {
  /** The key of what the gold says. */
  gold: number;
  name: number | string;
}

/** The first record that asks the same, of which hashes alone are held; undefined for the first itself. */
function firstAsked(): (record: LintRecord) => Asked | undefined {
  const slots = new Map<number, number>();
  const golds: number[] = [];
  const names: (number | string)[] = [];
  return (record) => {
    if (record.problem === "" || record.media.length === 0) return undefined;
    const key = questionKey(record);
    const slot = slots.get(key);
    if (slot !== undefined) return { gold: golds[slot]!, name: names[slot]! };
    slots.set(key, golds.length);
    golds.push(textKey(goldSaid(record)));
    names.push(record.id ?? `record ${record.place.index}`);
    return undefined;
  };
}

export const questionDoubled: Check = {
  code: "QUESTION_DOUBLED",
  level: "warning",
  about: "ask the same of the same media as an earlier record, with the same gold",
  remedy: "Leave one of them out: a question that stands twice counts twice.",
  start() {
    const firstOf = firstAsked();
    return {
      add(record) {
        const first = firstOf(record);
        return first && first.gold === textKey(goldSaid(record)) ? `as ${first.name}` : undefined;
      },
    };
  },
};

export const goldContradicts: Check = {
  code: "GOLD_CONTRADICTS",
  level: "error",
  about: "ask the same of the same media as an earlier record, with another gold",
  remedy: "See which of the two is right; no model can satisfy both.",
  start() {
    const firstOf = firstAsked();
    return {
      add(record) {
        const first = firstOf(record);
        return first && first.gold !== textKey(goldSaid(record)) ? `against ${first.name}` : undefined;
      },
    };
  },
};

/** Records of one medium from which it is told: Video-R1's clips have two, some images a dozen. */
const many = 50;

export const mediaRepeated: Check = {
  code: "MEDIA_REPEATED",
  level: "info",
  about: `media are asked ${many} times or more`,
  remedy: "Nothing, or take a sample: what is often seen is remembered.",
  start() {
    const counts = new Map<number, number>();
    const paths = new Map<number, string>();
    return {
      add({ media }) {
        if (media.length === 0) return undefined;
        const path = mediaKey(media);
        const key = textKey(path);
        const count = (counts.get(key) ?? 0) + 1;
        counts.set(key, count);
        if (count === many) paths.set(key, path);
        return undefined;
      },
      finish: () =>
        [...paths]
          .map(([key, path]) => ({ path, records: counts.get(key)! }))
          .sort((a, b) => b.records - a.records)
          .map(({ path, records }) => ({ group: path, note: `${records} records`, records, values: { records } })),
    };
  },
};
