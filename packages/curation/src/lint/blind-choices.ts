import { growingInts } from "./growing-ints.ts";
import { hash32 } from "./text-key.ts";

/** Words of a question and of an option that count, from the first. */
const [questionWords, optionWords] = [16, 8];

/** Features share this many places, by their hash. */
const places = 1 << 19;

/** How many records a feature has to be seen in to weigh as much as the prior. */
const pseudoCount = 4;

export interface ChoiceRecord {
  group: number;
  fold: number;
  question: readonly string[];
  /** Words of each option. */
  options: readonly (readonly string[])[];
  gold: number;
}

/** Sums over the records of a group. */
export interface Solved {
  records: number;
  earned: number;
  /** Sum of 1 / options. */
  expected: number;
}

/**
 * Which option is the gold, by its words and their pairs with the question's: the option with the largest
 * Σ log odds(gold | feature) − log odds(gold), where P(gold | feature) = (n⁺ + 4 P(gold)) / (n + 4), counted on the records of the
 * group in the other folds. Of several largest each is an even guess. Words of records are held as numbers, four bytes each.
 */
export function blindChoices(folds: number) {
  const data = growingInts();
  const starts: number[] = [];
  return {
    add({ group, fold, question, options, gold }: ChoiceRecord): void {
      starts.push(data.length);
      const words = (texts: readonly string[], most: number) => [...new Set(texts)].slice(0, most).map(hashOf);
      const asked = words(question, questionWords);
      for (const value of [group, fold, gold, options.length, asked.length, ...asked]) data.push(value);
      for (const option of options) {
        const own = words(option, optionWords);
        for (const value of [own.length, ...own]) data.push(value);
      }
    },
    finish(): Map<number, Solved> {
      const golds = new Uint32Array(places);
      const seen = new Uint32Array(places);
      const ofFold = Array.from({ length: folds }, () => ({
        golds: new Uint32Array(places),
        seen: new Uint32Array(places),
      }));
      const totals = new Map<number, { golds: number[]; options: number[] }>();
      for (const start of starts) {
        const { group, fold, gold, options } = readHead(data, start);
        const total = totals.get(group) ?? { golds: Array(folds).fill(0), options: Array(folds).fill(0) };
        totals.set(group, total);
        total.golds[fold]! += 1;
        total.options[fold]! += options;
        const own = ofFold[fold]!;
        forEachFeature(data, start, (option, place) => {
          seen[place]! += 1;
          own.seen[place]! += 1;
          if (option !== gold) return;
          golds[place]! += 1;
          own.golds[place]! += 1;
        });
      }
      const solved = new Map<number, Solved>();
      for (const start of starts) {
        const { group, fold, gold, options } = readHead(data, start);
        const total = totals.get(group)!;
        const others = (values: readonly number[]) =>
          values.reduce((all, value, i) => (i === fold ? all : all + value), 0);
        const [goldsOfOthers, optionsOfOthers] = [others(total.golds), others(total.options)];
        const prior = goldsOfOthers > 0 && optionsOfOthers > goldsOfOthers ? goldsOfOthers / optionsOfOthers : 0.5;
        const priorOdds = Math.log(prior / (1 - prior));
        const held = ofFold[fold]!;
        const scores = new Float64Array(options);
        forEachFeature(data, start, (option, place) => {
          const n = seen[place]! - held.seen[place]!;
          if (n === 0) return;
          const share = (golds[place]! - held.golds[place]! + pseudoCount * prior) / (n + pseudoCount);
          scores[option]! += Math.log(share / (1 - share)) - priorOdds;
        });
        const best = Math.max(...scores);
        const ties = scores.filter((score) => score === best).length;
        const own = solved.get(group) ?? { records: 0, earned: 0, expected: 0 };
        solved.set(group, own);
        own.records += 1;
        own.earned += scores[gold] === best ? 1 / ties : 0;
        own.expected += 1 / options;
      }
      return solved;
    },
  };
}

type Ints = ReturnType<typeof growingInts>;

const hashOf = (word: string): number => hash32(word, 0x1b873593) | 0;

const readHead = (data: Ints, start: number) => ({
  group: data.at(start),
  fold: data.at(start + 1),
  gold: data.at(start + 2),
  options: data.at(start + 3),
});

/** Calls with the index of an option and the place of each of its features. */
function forEachFeature(data: Ints, start: number, use: (option: number, place: number) => void): void {
  const salt = Math.imul(data.at(start) + 1, 0x9e3779b1);
  const options = data.at(start + 3);
  const asked = data.at(start + 4);
  let at = start + 5 + asked;
  for (let option = 0; option < options; option++) {
    const words = data.at(at);
    for (let w = 1; w <= words; w++) {
      const word = data.at(at + w);
      use(option, placeOf(Math.imul(word ^ salt, 0x85ebca6b)));
      for (let q = 0; q < asked; q++) use(option, placeOf(Math.imul(word ^ salt, 0xc2b2ae35) ^ data.at(start + 5 + q)));
    }
    at += 1 + words;
  }
}

function placeOf(hash: number): number {
  let h = Math.imul(hash ^ (hash >>> 16), 0x45d9f3b);
  h ^= h >>> 15;
  return h & (places - 1);
}
