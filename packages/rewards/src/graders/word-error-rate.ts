import { distance } from "fastest-levenshtein";
import { splitWords } from "../python-text.ts";

/**
 * Word error rate: edits(answer, truth) / max(1, words in truth), edits = insertions, deletions and substitutions of whole
 * words. Case and punctuation count. It exceeds 1 if the answer is longer than the truth.
 *
 * @see tulerfeng/Video-R1@59d65c3 src/r1-v/src/open_r1/grpo.py `wer`
 */
export function wordErrorRate(answer: string, truth: string): number {
  const truthWords = splitWords(truth);
  return wordEdits(splitWords(answer), truthWords) / Math.max(1, truthWords.length);
}

/**
 * max(0, 1 - word error rate). An answer of twice as many words as the truth has an error rate of 1 or more, so no more of
 * it is read.
 */
export function wordAccuracy(answer: string, truth: string): number {
  if (answer === truth) return 1;
  const truthWords = splitWords(truth);
  const limit = truthWords.length + Math.max(1, truthWords.length);
  const words = splitWords(answer, limit);
  if (words.length === limit || (words.length === 0 && truthWords.length > 0)) return 0;
  return Math.max(0, 1 - wordEdits(words, truthWords) / Math.max(1, truthWords.length));
}

/**
 * Levenshtein distance over words. Each word of the truth becomes one UTF-16 unit for the bit-parallel string distance;
 * all words that the truth lacks share unit 0, since none of them can match.
 */
function wordEdits(answer: readonly string[], truth: readonly string[]): number {
  const units = new Map<string, number>();
  for (const word of truth) if (!units.has(word)) units.set(word, units.size + 1);
  const a = answer.map((word) => units.get(word) ?? 0);
  const t = truth.map((word) => units.get(word) ?? 0);
  if (units.size > 0xffff) return editsByRows(a, t);
  return distance(textOfUnits(a), textOfUnits(t));
}

function textOfUnits(units: readonly number[]): string {
  let text = "";
  for (const unit of units) text += String.fromCharCode(unit);
  return text;
}

/** The textbook recurrence, row by row: for a truth of more distinct words than there are UTF-16 units. */
function editsByRows(a: readonly number[], t: readonly number[]): number {
  const row = Uint32Array.from({ length: t.length + 1 }, (_, j) => j);
  for (const [i, x] of a.entries()) {
    let diagonal = i;
    row[0] = i + 1;
    for (let j = 0; j < t.length; j++) {
      const above = row[j + 1]!;
      row[j + 1] = Math.min(above + 1, row[j]! + 1, diagonal + (x === t[j] ? 0 : 1));
      diagonal = above;
    }
  }
  return row[t.length]!;
}
