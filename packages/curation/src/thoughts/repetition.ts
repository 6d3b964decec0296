/** Words of a sequence whose repetition is counted. */
const length = 4;

/** The share of a text's sequences of four words that occur earlier in it: 0 where all differ, near 1 in a loop. */
export function repeatedShare(words: readonly string[]): number {
  const count = words.length - length + 1;
  if (count < 2) return 0;
  const { numbers, kinds } = numbered(words);
  const isExact = kinds ** length <= Number.MAX_SAFE_INTEGER;
  const sequences = new Set<number | string>();
  for (let at = 0; at < count; at += 1) {
    const own = numbers.subarray(at, at + length);
    sequences.add(isExact ? own.reduce((code, number) => code * kinds + number, 0) : own.join(" "));
  }
  return 1 - sequences.size / count;
}

/** Equal words as equal numbers, from 0 on; and how many different ones there are. */
function numbered(words: readonly string[]): { numbers: Uint32Array; kinds: number } {
  const known = new Map<string, number>();
  const numbers = Uint32Array.from(words, (word) => {
    const number = known.get(word) ?? known.size;
    known.set(word, number);
    return number;
  });
  return { numbers, kinds: known.size };
}

/** A phrase that follows itself. */
export interface Loop {
  phrase: string;
  times: number;
}

/** Words of the longest phrase that is looked for. */
const longestPhrase = 40;

/** The phrase of at most 40 words that stands most often in a row; of equals the shortest. Undefined if none stands twice. */
export function longestLoop(words: readonly string[]): Loop | undefined {
  const { numbers } = numbered(words);
  let best: Loop | undefined;
  for (let period = 1; period <= Math.min(longestPhrase, words.length / 2); period += 1) {
    let equal = 0; // words that are the one a period before, up to this one
    for (let i = period; i < numbers.length; i += 1) {
      if (numbers[i] !== numbers[i - period]) {
        equal = 0;
        continue;
      }
      equal += 1;
      const times = Math.floor(equal / period) + 1;
      if (times > (best?.times ?? 1)) best = { phrase: words.slice(i - period + 1, i + 1).join(" "), times };
    }
  }
  return best;
}
