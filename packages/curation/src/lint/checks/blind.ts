import { answerAccuracy, type ProblemType } from "@videor1/rewards";
import { wordsOf } from "../../thoughts/words-of.ts";
import { aboveChance, byExcess, fewest, groupOf } from "../baselines.ts";
import { blindChoices } from "../blind-choices.ts";
import { blindTexts } from "../blind-texts.ts";
import type { Check } from "../check.ts";
import type { LintRecord } from "../lint-record.ts";
import { mediaKey } from "../lint-record.ts";
import { hash32 } from "../text-key.ts";
import { bestConstant } from "./constant.ts";

/** Parts of the data of which each is answered by what the others teach. */
export const folds = 5;

/** Questions about the same media are in one fold, so that no answer is learnt from its own clip. */
const foldOf = ({ media, problem }: LintRecord, seed: number): number =>
  hash32(media.length > 0 ? mediaKey(media) : problem, seed) % folds;

/** Records of one group that are measured, from the first: with these the interval is three points wide at most. */
const mostHeld = 10_000;

/**
 * Words of question and options against the answer, cross-validated: naive Bayes in time and space linear in the records. A choice
 * is made by the words of each option and their pairs with those of the question; another answer is one of the frequent golds.
 */
export const answerBlind: Check = {
  code: "ANSWER_BLIND",
  level: "warning",
  about: "groups of one source and type are answered from the text alone, without looking",
  remedy: "Rewrite or leave out such questions: a model can learn them without the video.",
  start({ rules, seed }) {
    const choices = blindChoices(folds);
    const open = new Map<string, { type: ProblemType; texts: ReturnType<typeof blindTexts>; golds: string[] }>();
    const names: string[] = [];
    const held: number[] = [];
    const numbers = new Map<string, number>();
    return {
      add(record) {
        const { type, gold, goldAt, choices: options, problem } = record;
        if (type === undefined || gold === "") return undefined;
        const name = groupOf(record);
        const fold = foldOf(record, seed);
        if (type === "multiple choice") {
          if (goldAt < 0 || options.length < 2) return undefined;
          const number = numbers.get(name) ?? names.push(name) - 1;
          numbers.set(name, number);
          held[number] = (held[number] ?? 0) + 1;
          if (held[number]! > mostHeld) return undefined;
          const texts = options.map(({ text }) => wordsOf(text));
          choices.add({ group: number, fold, question: wordsOf(problem), options: texts, gold: goldAt });
          return undefined;
        }
        const group = open.get(name) ?? { type, texts: blindTexts(folds), golds: [] };
        open.set(name, group);
        if (group.golds.length >= mostHeld) return undefined;
        group.golds.push(gold);
        group.texts.add({ fold, words: wordsOf(problem), answer: gold });
        return undefined;
      },
      finish() {
        const chosen = [...choices.finish()].map(([number, measured]) =>
          aboveChance({ group: names[number]!, by: "naive Bayes over words", ...measured }),
        );
        const said = [...open].map(([group, { type, texts, golds }]) => {
          if (golds.length < fewest) return undefined;
          const answers = texts.finish();
          if (answers === undefined) return undefined;
          let earned = 0;
          for (const [i, gold] of golds.entries()) earned += answerAccuracy(answers(i), gold, type, { rules });
          const counts = new Map<string, number>();
          for (const gold of golds) counts.set(gold, (counts.get(gold) ?? 0) + 1);
          const expected = golds.length * bestConstant(counts, type, rules).reward;
          return aboveChance({ group, by: "naive Bayes over words", earned, expected, records: golds.length });
        });
        return byExcess([...chosen, ...said]);
      },
    };
  },
};
