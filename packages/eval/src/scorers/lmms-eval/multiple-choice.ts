import { strip } from "@videor1/rewards";
import { stripCharacters } from "../python/strip.ts";

const phrases = [
  "the answer is",
  "answer is",
  "the correct answer is",
  "correct answer is",
  "the best answer is",
  "best answer is",
  "the correct option is",
  "correct option is",
  "the best option is",
  "best option is",
  "the choice is",
  "choice is",
  "the correct choice is",
  "correct choice is",
  "i choose",
  "i select",
  "i pick",
  "my answer is",
  "my choice is",
  "옵션",
  "정답은",
  "답은",
  "답:",
  "答案是",
  "答案为",
  "选",
  "答えは",
];
const edges = [",", ".", "!", "?", ";", ":", "'", '"'];
const letterFirst = /^\p{L}/u;
const letterLast = /\p{L}$/u;

interface Candidate {
  letter: string;
  /** How sure a form is; a higher one wins, and of one form the later place. */
  rank: number;
  position: number;
}

/**
 * The letter that lmms-eval's extractor for many of its benchmarks takes: one that starts or ends the reply, else the last of
 * the first mentions behind "the answer is" or the like, else the last in the surest form of `(A)`, `A.`, `A:`, `A)`, `A `,
 * else the last anywhere. Empty: none.
 *
 * @see lmms-eval 0.7.3 tasks/_task_utils/mcq_extract.py `extract_mcq_answer`
 */
export function extractChoice(reply: string, letters: readonly string[]): string {
  const text = ` ${edges.reduce(stripCharacters, strip(reply))} `;
  const candidates = [...inForms(text, letters), ...behindPhrases(text, letters), ...atEnds(strip(text), letters)];
  const found = candidates.length > 0 ? candidates : inForm(text, letters, 0, (letter) => letter);
  return (
    found.reduce<Candidate | undefined>((best, one) => (best && !isSurer(one, best) ? best : one), undefined)?.letter ??
    ""
  );
}

const isSurer = (one: Candidate, other: Candidate): boolean =>
  one.rank > other.rank || (one.rank === other.rank && one.position > other.position);

const inForms = (text: string, letters: readonly string[]): Candidate[] => [
  ...inForm(text, letters, 6, (letter) => `(${letter})`),
  ...inForm(text, letters, 5, (letter) => `${letter}.`),
  ...inForm(text, letters, 4, (letter) => `${letter}:`),
  ...inForm(text, letters, 3, (letter) => `${letter})`),
  ...inForm(text, letters, 2, (letter) => `${letter} `),
];

const inForm = (
  text: string,
  letters: readonly string[],
  rank: number,
  form: (letter: string) => string,
): Candidate[] =>
  letters
    .map((letter) => ({ letter, rank, position: text.lastIndexOf(form(letter)) }))
    .filter(({ position }) => position >= 0);

/** Of each letter the first mention behind a phrase, wherever: also inside of a word. */
function behindPhrases(text: string, letters: readonly string[]): Candidate[] {
  const lower = text.toLowerCase();
  return phrases.flatMap((phrase) => {
    const start = lower.indexOf(phrase);
    if (start < 0) return [];
    return letters
      .map((letter) => ({ letter, rank: 7, position: text.indexOf(letter, start + phrase.length) }))
      .filter(({ position }) => position >= 0);
  });
}

/** A letter that starts or ends the text and is no part of a word there. */
const atEnds = (text: string, letters: readonly string[]): Candidate[] => [
  ...letters
    .filter((letter) => text.startsWith(letter) && !letterFirst.test(text.slice(1)))
    .map((letter) => ({ letter, rank: 10, position: 0 })),
  ...letters
    .filter((letter) => text.endsWith(letter) && !letterLast.test(text.slice(0, -1)))
    .map((letter) => ({ letter, rank: 9, position: 0 })),
];
