import { answerAccuracy, type ProblemType, type Rules } from "@videor1/rewards";
import { optionLetter } from "../../option-letter.ts";
import { aboveChance, byExcess, groupOf } from "../baselines.ts";
import type { Check } from "../check.ts";

/** What chance earns by letters is known; of other types a constant is told from these shares of the reward. */
const shares: Readonly<Record<Exclude<ProblemType, "multiple choice">, number>> = {
  numerical: 0.2,
  OCR: 0.2,
  "free-form": 0.3,
  regression: 0.6,
};

interface OpenGroup {
  type: Exclude<ProblemType, "multiple choice">;
  records: number;
  golds: Map<string, number>;
}

interface ChoiceGroup {
  records: number;
  letters: Map<string, number>;
  /** Sum of 1 / options. */
  expected: number;
}

/** Different golds of a group that are held; of more the first. */
const mostGolds = 50_000;

/** Golds that are tried as constants: the most frequent, and of numbers some in the middle. */
const mostTried = 20;

const add = (counts: Map<string, number>, key: string): void => void counts.set(key, (counts.get(key) ?? 0) + 1);

/** The mean reward that one answer earns on all golds of a group. */
export function constantReward(
  answer: string,
  golds: ReadonlyMap<string, number>,
  type: ProblemType,
  rules: Rules,
): number {
  let [earned, records] = [0, 0];
  for (const [gold, count] of golds) {
    earned += count * answerAccuracy(answer, gold, type, { rules });
    records += count;
  }
  return earned / records;
}

/** The best constant answer among the frequent golds, and of numbers among their tenths; and its mean reward. */
export function bestConstant(
  golds: ReadonlyMap<string, number>,
  type: ProblemType,
  rules: Rules,
): { answer: string; reward: number } {
  const frequent = [...golds].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1)).slice(0, mostTried);
  const isText = type === "free-form" || type === "OCR";
  const tried = new Set(
    isText ? frequent.filter(([, count]) => count > 1).map(([gold]) => gold) : frequent.map(([gold]) => gold),
  );
  if (type === "regression") {
    const sorted = [...golds.keys()]
      .filter((gold) => Number.isFinite(Number(gold)))
      .sort((a, b) => Number(a) - Number(b));
    for (let tenth = 1; tenth < 10; tenth++)
      if (sorted.length > 0) tried.add(sorted[Math.floor((tenth * sorted.length) / 10)]!);
  }
  let best = { answer: "", reward: 0 };
  for (const answer of tried) {
    const reward = constantReward(answer, golds, type, rules);
    if (reward > best.reward) best = { answer, reward };
  }
  return best;
}

export const answerConstant: Check = {
  code: "ANSWER_CONSTANT",
  level: "warning",
  about: "groups of one source and type are answered by always saying the same",
  remedy: "Balance the golds: permute the options with their letters, or sample golds evenly.",
  start({ rules }) {
    const choices = new Map<string, ChoiceGroup>();
    const open = new Map<string, OpenGroup>();
    return {
      add(record) {
        const { type, gold, goldAt, choices: options } = record;
        if (type === undefined || gold === "") return undefined;
        const name = groupOf(record);
        if (type !== "multiple choice") {
          const group = open.get(name) ?? { type, records: 0, golds: new Map() };
          open.set(name, group);
          group.records += 1;
          if (group.golds.has(gold) || group.golds.size < mostGolds) add(group.golds, gold);
          return undefined;
        }
        if (goldAt < 0) return undefined;
        const group = choices.get(name) ?? { records: 0, letters: new Map(), expected: 0 };
        choices.set(name, group);
        group.records += 1;
        group.expected += 1 / options.length;
        add(group.letters, optionLetter(goldAt));
        return undefined;
      },
      finish() {
        const letters = [...choices].map(([group, { records, letters, expected }]) => {
          const [letter, earned] = [...letters].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))[0]!;
          return aboveChance({ group, by: letter, earned, expected, records });
        });
        const others = [...open].map(([group, { type, records, golds }]) => {
          if (records < 2) return undefined;
          const { answer, reward } = bestConstant(golds, type, rules);
          const by = JSON.stringify(answer.slice(0, 60));
          const counted = [...golds.values()].reduce((sum, count) => sum + count, 0);
          return aboveChance({ group, by, earned: reward * counted, expected: shares[type] * records, records }, 0);
        });
        return byExcess([...letters, ...others]);
      },
    };
  },
};

/** The share of records whose gold is the longest (or shortest) option; of several of that length each is an even guess. */
export const optionLength: Check = {
  code: "ANSWER_LONGEST",
  level: "warning",
  about: "groups of one source and type are answered by taking the longest or the shortest option",
  remedy: "Write the wrong options as long as the right one.",
  start() {
    const groups = new Map<string, { records: number; expected: number; longest: number; shortest: number }>();
    return {
      add(record) {
        const { goldAt: at, choices: options } = record;
        if (at < 0 || options.length < 2) return undefined;
        const name = groupOf(record);
        const group = groups.get(name) ?? { records: 0, expected: 0, longest: 0, shortest: 0 };
        groups.set(name, group);
        const lengths = options.map(({ text }) => text.length);
        const guess = (length: number) =>
          lengths[at] === length ? 1 / lengths.filter((other) => other === length).length : 0;
        group.records += 1;
        group.expected += 1 / options.length;
        group.longest += guess(Math.max(...lengths));
        group.shortest += guess(Math.min(...lengths));
        return undefined;
      },
      finish: () =>
        byExcess(
          [...groups].flatMap(([group, { records, expected, longest, shortest }]) => [
            aboveChance({ group, by: "the longest option", earned: longest, expected, records }),
            aboveChance({ group, by: "the shortest option", earned: shortest, expected, records }),
          ]),
        ),
    };
  },
};
