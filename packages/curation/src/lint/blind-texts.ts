import { growingInts } from "./growing-ints.ts";
import { hash32 } from "./text-key.ts";

/** Golds that are answers of the baseline: the most frequent that several records have. */
const mostAnswers = 50;

/** Words share this many places, by their hash. */
const places = 1 << 13;

/** Words of a question that count, from the first. */
const questionWords = 40;

export interface TextRecord {
  fold: number;
  /** Of the question. */
  words: readonly string[];
  answer: string;
}

/**
 * Which of the frequent answers a question has: multinomial naive Bayes, log P(a) + Σ log((n(w, a) + 1) / (n(a) + V)) over the
 * question's words, counted on the other folds; V different words. Of several best the first by frequency.
 */
export function blindTexts(folds: number) {
  const words = growingInts(1 << 12);
  const starts = growingInts(1 << 10);
  const foldOf = growingInts(1 << 10);
  const seen = new Set<number>();
  const counts = new Map<string, number>();
  const answered: string[] = [];
  return {
    add({ fold, words: asked, answer }: TextRecord): void {
      starts.push(words.length);
      foldOf.push(fold);
      for (const word of asked.slice(0, questionWords)) {
        const place = hash32(word, 0x27d4eb2f) % places;
        seen.add(place);
        words.push(place);
      }
      answered.push(answer);
      counts.set(answer, (counts.get(answer) ?? 0) + 1);
    },
    /** The answer to each record, by its number; undefined if no answer stands twice. */
    finish(): ((index: number) => string) | undefined {
      const answers = [...counts]
        .filter(([, count]) => count > 1)
        .sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))
        .slice(0, mostAnswers)
        .map(([answer]) => answer);
      if (answers.length === 0) return undefined;
      const [A, V] = [answers.length, seen.size];
      const number = new Map(answers.map((answer, i) => [answer, i]));
      const endOf = (index: number) => (index + 1 < starts.length ? starts.at(index + 1) : words.length);
      const all = emptyTable(A);
      const tables = Array.from({ length: folds }, () => emptyTable(A));
      for (const [index, answer] of answered.entries()) {
        const a = number.get(answer);
        if (a === undefined) continue;
        for (const table of [tables[foldOf.at(index)]!, all]) {
          table.records[a]! += 1;
          table.words[a]! += endOf(index) - starts.at(index);
          for (let at = starts.at(index); at < endOf(index); at++) table.pairs[words.at(at) * A + a]! += 1;
        }
      }
      return (index) => {
        const own = tables[foldOf.at(index)]!;
        const scores = Float64Array.from(all.records, (count, a) => Math.log(count - own.records[a]!));
        for (let at = starts.at(index); at < endOf(index); at++)
          for (let a = 0, pair = words.at(at) * A; a < A; a++, pair++)
            scores[a]! += Math.log((all.pairs[pair]! - own.pairs[pair]! + 1) / (all.words[a]! - own.words[a]! + V));
        let best = 0;
        for (let a = 1; a < A; a++) if (scores[a]! > scores[best]!) best = a;
        return answers[best]!;
      };
    },
  };
}

const emptyTable = (answers: number) => ({
  pairs: new Uint32Array(places * answers),
  words: new Float64Array(answers),
  records: new Float64Array(answers),
});
