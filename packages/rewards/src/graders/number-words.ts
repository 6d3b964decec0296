const ones =
  "zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen".split(
    "|",
  );
const tens = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety".split("|");
const below100 = `(?:(?:${tens.join("|")})(?:[- ](?:${ones.slice(1, 10).join("|")}))?|${ones.join("|")})`;
const numeral = new RegExp(
  `^(?:(${below100}|a) hundred(?: (?:and )?(${below100}))?|(${below100}))(?![\\p{L}\\p{N}-])`,
  "iu",
);
const anyNumeral = new RegExp(`(?:^|[^\\p{L}])(?:${below100}|hundred|thousand)(?![\\p{L}])`, "iu");

/**
 * The whole number below 10,000 that a text begins with in English words, and how long they are: `twenty-one chairs`.
 * Undefined if it is none, or more number words follow.
 */
export function leadingNumberWords(text: string): { value: number; length: number } | undefined {
  const match = numeral.exec(text);
  if (match === null || anyNumeral.test(text.slice(match[0].length))) return undefined;
  const [all, hundreds, rest, alone] = match;
  const value = hundreds === undefined ? numberOf(alone!) : 100 * numberOf(hundreds) + numberOf(rest ?? "zero");
  return { value, length: all.length };
}

function numberOf(words: string): number {
  if (words === "a") return 1;
  return words
    .toLowerCase()
    .split(/[- ]/)
    .reduce(
      (sum, word) => sum + Math.max(ones.indexOf(word), 10 * (tens.indexOf(word) + 2) * Number(tens.includes(word))),
      0,
    );
}
