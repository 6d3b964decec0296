/** Words of a sequence whose repetition is counted. */
const length = 4;

/** The share of a text's sequences of four words that occur earlier in it: 0 where all differ, near 1 in a loop. */
export function repeatedShare(words: readonly string[]): number {
  const count = words.length - length + 1;
  if (count < 2) return 0;
  const sequences = new Set<string>();
  for (let i = 0; i < count; i += 1) sequences.add(words.slice(i, i + length).join(" "));
  return 1 - sequences.size / count;
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
  let best: Loop | undefined;
  for (let period = 1; period <= Math.min(longestPhrase, words.length / 2); period += 1) {
    let equal = 0; // words that are the one a period before, up to this one
    for (let i = period; i < words.length; i += 1) {
      equal = words[i] === words[i - period] ? equal + 1 : 0;
      const times = Math.floor(equal / period) + 1;
      if (times > (best?.times ?? 1)) best = { phrase: words.slice(i - period + 1, i + 1).join(" "), times };
    }
  }
  return best;
}
